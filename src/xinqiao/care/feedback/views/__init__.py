"""Pages of feedback, meetings, the ledger and the mechanisms."""
