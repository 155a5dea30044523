"""Words for guardians: written or taken from a template, read, released, handed over, answered; never a result."""
