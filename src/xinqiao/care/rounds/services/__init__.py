"""Changes to rounds by an actor."""
