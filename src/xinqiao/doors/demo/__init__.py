"""The demo city: an invented city with every kind of school, a login per role and screenings in every state."""
