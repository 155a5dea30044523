"""Pages about staff, sign-ins and roles."""
