"""Settings, typed environment, urls, servers and the command line."""
