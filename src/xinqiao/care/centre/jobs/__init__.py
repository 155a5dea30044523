"""What the clock does about booked hours."""
