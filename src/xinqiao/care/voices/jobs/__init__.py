"""What the clock does about voices."""
