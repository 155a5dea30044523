"""Drawing by lot, so that anyone who has the seed and the list can draw the same again."""

import hashlib
from collections.abc import Sequence
from math import ceil


def size_of_lot(pupils: int, *, percent: int, at_least: int) -> int:
    """Return how many to draw of so many: the share rounded up, at least so many, never more than there are."""
    return min(pupils, max(ceil(pupils * percent / 100), at_least))


def drawn_by_lot(names: Sequence[str], count: int, seed: str) -> tuple[str, ...]:
    """Return `count` of the names in the order of their lots: the SHA-256 of seed and name, lowest first.

    The order in which the names come does not matter; every name has the same chance.
    """
    lots = sorted((hashlib.sha256(f"{seed}:{name}".encode()).hexdigest(), name) for name in set(names))
    return tuple(name for _lot, name in lots[:count])
