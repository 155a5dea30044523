"""Changes to the committee, and what is done about a worry."""
