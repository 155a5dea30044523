"""Pages of cases and of what belongs to them."""
