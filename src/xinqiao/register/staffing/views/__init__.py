"""Pages of a staff list."""
