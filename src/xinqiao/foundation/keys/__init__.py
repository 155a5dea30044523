"""Keys and sealed fields: one data key per subject, wrapped by a master key that is never in the database.

It owns key subjects, the sealing and opening of values, blind indexes for search, and the rotation of the master key.
"""
