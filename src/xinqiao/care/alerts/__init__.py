"""Signals, the notices that tell people of them, triage with its interview, and a pupil's attention level.

A signal's urgency is set by rule and starts the clock; the level is a person's word.
"""
