"""Who and where: the tree of units, policy packs, people, accounts, duty, running clocks."""
