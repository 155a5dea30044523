"""Reads of letters, requests for names, and counts."""
