"""What the clock does for turns."""
