"""Pages of a centre."""
