"""Forms of the register: they parse and validate, and never save."""
