"""What the ticker runs for the mailbox."""
