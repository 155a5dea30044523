"""Changes of the tree."""
