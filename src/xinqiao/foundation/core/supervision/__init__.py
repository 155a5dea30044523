"""`xinqiao serve`: one process that starts the others, restarts what dies and leaves nothing behind."""
