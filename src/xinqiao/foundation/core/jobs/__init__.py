"""What the clock does on the lowest floor, and the ticker that runs every app's jobs."""
