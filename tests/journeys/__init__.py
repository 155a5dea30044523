"""Stories told in a real browser against the whole installation, as it is served to a school."""
