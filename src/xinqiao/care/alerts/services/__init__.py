"""Changes of signals, notices, interviews and attention."""
