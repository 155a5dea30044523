"""Changes of a staff list."""
