"""Reads of a staff list."""
