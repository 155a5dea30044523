"""Changes of a turn."""
