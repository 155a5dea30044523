"""The doors people and other systems come in by."""
