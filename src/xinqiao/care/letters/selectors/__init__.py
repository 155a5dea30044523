"""Reads of letters for an actor."""
