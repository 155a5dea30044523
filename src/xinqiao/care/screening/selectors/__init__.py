"""Reads of screening for an actor, as frozen rows."""
