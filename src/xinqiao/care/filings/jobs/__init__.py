"""What the clock does for filings."""
