"""By which channels staff are reached: what is set up where, what each chose, and which notices reached nobody."""
