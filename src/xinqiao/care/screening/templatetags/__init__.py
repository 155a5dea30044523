"""Template filters of screening."""
