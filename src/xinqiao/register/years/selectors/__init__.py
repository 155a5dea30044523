"""Reads of a turn."""
