"""Files that go to the next school: what goes by rule, sent, taken in, acknowledged; what rests climbs."""
