"""Reads of filings for an actor."""
