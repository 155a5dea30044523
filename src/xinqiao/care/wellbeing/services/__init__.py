"""Changes of a private notebook."""
