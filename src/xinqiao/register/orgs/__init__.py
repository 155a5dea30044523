"""The tree of units, school years and terms, and the editable working calendar.

Everything that can be scoped names a unit of this tree; the tree is common to all counties and read through selectors.
"""
