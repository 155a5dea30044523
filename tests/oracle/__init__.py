"""An oracle for scores that shares no code with the product, and the comparison with it."""
