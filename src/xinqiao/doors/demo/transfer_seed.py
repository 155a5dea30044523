"""What the cast says of files that go to the next school."""

import msgspec


class TransferSeed(msgspec.Struct, frozen=True):
    """A class that left one school for another: how many, who works at both, what a plan says, why one is kept."""

    before: str
    next: str
    psych_before: str
    psych_next: str
    pupils: int
    strengths: str
    aim: str
    helps: str
    kept: str
