"""Pure engines: frozen dataclasses in, frozen dataclasses out. No Django, no clock, no database; time is an argument."""
