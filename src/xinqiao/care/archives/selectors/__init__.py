"""Reads of pupils' files for an actor."""
