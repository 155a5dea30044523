"""Pure engines: frozen dataclasses in, frozen dataclasses out. No Django, no database; time is an argument."""
