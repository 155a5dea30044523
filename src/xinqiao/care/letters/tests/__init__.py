"""Tests of letters to guardians."""
