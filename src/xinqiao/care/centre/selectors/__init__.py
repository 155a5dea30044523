"""Reads of a centre for an actor."""
