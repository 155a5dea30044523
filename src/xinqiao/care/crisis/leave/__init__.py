"""The pure part of leave and return: which step follows which, and who may decide."""
