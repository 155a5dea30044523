"""Campaigns: who is screened with what and when, how far it is, what came of it, and its numbers."""
