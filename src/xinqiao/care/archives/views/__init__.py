"""Pages of pupils' files."""
