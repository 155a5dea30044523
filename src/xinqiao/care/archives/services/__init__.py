"""Changes of pupils' files."""
