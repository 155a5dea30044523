"""Reads of incidents."""
