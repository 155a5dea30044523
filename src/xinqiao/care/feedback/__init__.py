"""Feedback owed on flagged pupils, analysis meetings, the ledger of all warnings, and the four mechanisms."""
