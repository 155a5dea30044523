"""Which counts an officer may see of a school. Pure.

An officer sees how many should have answered and how many did. Where either few answered or few did not, the exact
number would speak of a handful of children, so it is blurred; the sum over schools is then only a whole percentage,
from which nothing can be taken away to find it.
"""

from dataclasses import dataclass

# SOURCE: security paper, "statistics": fewer than five are not shown inside.
SMALLEST_CELL = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A count to show. `code`: exact (`value`), fewer (than five), all_but_fewer (than five are missing), hidden."""

    code: str
    value: int = 0


def answered_cell(answered: int, eligible: int) -> Cell:
    """Return how the answered of a school may be shown."""
    if 0 < eligible < SMALLEST_CELL:
        return Cell("hidden")
    if 0 < answered < SMALLEST_CELL:
        return Cell("fewer")
    if 0 < eligible - answered < SMALLEST_CELL:
        return Cell("all_but_fewer")
    return Cell("exact", answered)


def percent(answered: int, eligible: int) -> int | None:
    """Return a whole percentage rounded down, so that "100" means everybody; None where nobody is eligible."""
    return answered * 100 // eligible if eligible else None
