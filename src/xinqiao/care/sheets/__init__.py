"""Sittings, answers, results, and the intake that takes them in: screening and others give scales through it."""
