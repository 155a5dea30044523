"""Changes of a centre by an actor."""
