"""Tests of the counselling centre."""
