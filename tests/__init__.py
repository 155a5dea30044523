"""Tests that cross apps."""
