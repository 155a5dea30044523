"""Tests of counselling."""
