"""Changes of accounts: sign-ins, memberships, staff who come, change and leave."""
