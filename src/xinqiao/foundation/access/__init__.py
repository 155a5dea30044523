"""Who may do what where, as values: permissions, roles, grants, actors, the closed managers and `@page`.

It has no tables; accounts builds actors from memberships, and every read and change asks them.
"""
