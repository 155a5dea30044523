"""Tests of the look and its components."""
