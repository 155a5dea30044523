"""Who may see what: every page, every role, every relation, against tables kept by hand after the domain paper."""
