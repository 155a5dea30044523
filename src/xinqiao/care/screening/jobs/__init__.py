"""What the clock does for screening."""
