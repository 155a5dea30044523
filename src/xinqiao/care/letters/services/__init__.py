"""Changes of letters by an actor."""
