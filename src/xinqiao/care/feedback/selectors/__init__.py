"""Reads for pages of feedback, meetings and the ledger."""
