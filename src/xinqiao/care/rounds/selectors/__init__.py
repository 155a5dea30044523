"""Reads of rounds for an actor."""
