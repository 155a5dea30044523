"""Pages of the tree and of the calendar."""
