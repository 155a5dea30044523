"""Users, their second factor, and memberships: roles over units and time, from which an Actor is built."""
