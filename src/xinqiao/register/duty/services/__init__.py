"""Assigning, substituting and cancelling shifts, and noting who has a page open."""
