"""Letters that pupils write, signed or not, and who answers them by when."""
