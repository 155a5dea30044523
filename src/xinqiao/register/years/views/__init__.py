"""Pages of a turn."""
