"""Tests of staff's own wellbeing."""
