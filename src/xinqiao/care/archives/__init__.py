"""A pupil's file: one page composed from everything below, each reader seeing what they may, and who read it."""
