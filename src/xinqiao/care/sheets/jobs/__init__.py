"""What the clock does with sheets."""
