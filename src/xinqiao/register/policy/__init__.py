"""Jurisdiction packs: what holds where and when, each value with its source, and the working calendar under it.

Packs are files, reviewed as data; the nearest pack that binds a unit on a day is the one in force there.
"""
