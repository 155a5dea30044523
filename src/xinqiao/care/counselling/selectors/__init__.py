"""Reads of counselling for an actor."""
