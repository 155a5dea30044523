"""What the clock does in the register."""
