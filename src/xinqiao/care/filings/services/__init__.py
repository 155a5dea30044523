"""Changes to filings by an actor."""
