"""Changes to counselling by an actor."""
