"""What the clock does for the contact with families."""
