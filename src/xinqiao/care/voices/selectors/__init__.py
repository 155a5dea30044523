"""What the pages of the committee show."""
