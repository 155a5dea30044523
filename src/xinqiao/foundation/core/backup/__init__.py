"""Backups: encrypted copies of the database, and of the keys apart from it, that are proved before they count.

The copy of the database holds no data keys. They go, with the key file, into a file of their own that is kept for a
shorter time: when a pupil's key was destroyed and the last keys file that held it is gone, old copies of the database
cannot be read for that pupil any more.
"""
