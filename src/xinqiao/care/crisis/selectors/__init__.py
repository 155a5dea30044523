"""Reads of cases for an actor."""
