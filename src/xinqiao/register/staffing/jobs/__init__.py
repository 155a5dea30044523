"""What the clock does for staff lists."""
