"""What the clock does for signals."""
