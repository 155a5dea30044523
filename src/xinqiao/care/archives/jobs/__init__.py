"""What the ticker runs for pupils' files."""
