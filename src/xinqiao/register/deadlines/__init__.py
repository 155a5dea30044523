"""Every running clock and its climbing, for any subject: begun with that day's parameters, met once, or climbed."""
