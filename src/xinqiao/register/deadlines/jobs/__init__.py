"""What the clock does to clocks."""
