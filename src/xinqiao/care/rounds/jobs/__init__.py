"""What the clock does for rounds."""
