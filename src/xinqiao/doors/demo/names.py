"""Invented names, drawn from a seeded generator: nobody's."""

import random

from xinqiao.doors.demo.cast import NameParts


def invented_name(draw: random.Random, parts: NameParts) -> str:
    """Return a name of two to four characters."""
    surname = draw.choice(parts.compound) if draw.random() < 0.02 else draw.choice("".join(parts.surnames))
    given = "".join(parts.given)
    return surname + "".join(draw.choice(given) for _ in range(1 if draw.random() < 0.15 else 2))
