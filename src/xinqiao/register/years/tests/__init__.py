"""Tests of the turn of a school year."""
