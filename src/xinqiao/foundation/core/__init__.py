"""Base models, ids, places, the clock, data classes, hooks and the change feed.

It owns what every other app needs and nothing that knows a child, a school or a rule.
"""
