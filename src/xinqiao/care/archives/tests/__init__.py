"""Tests of pupils' files."""
