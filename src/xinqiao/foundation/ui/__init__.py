"""The look of the staff side: base pages, components, behaviours, and how dates and numbers are written.

It also owns two registries through which apps above put doors into the navigation and links into pages below them.
"""
