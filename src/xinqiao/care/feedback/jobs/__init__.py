"""What the clock does: what is owed is kept, and meetings are called."""
