"""Which counts an officer may see of a school. Pure.

An officer sees how many should have answered and how many did. Where either few answered or few did not, the exact
number would speak of a handful of children, so it is blurred; the sum over schools is then so coarse a percentage
that nothing can be taken away to find it.
"""

from collections.abc import Collection
from dataclasses import dataclass

# SOURCE: security paper, "statistics": fewer than five are not shown inside.
SMALLEST_CELL = 5
COARSE_PERCENT = 5  # a step of the share over schools beside a blurred one …
COARSE_FROM = 200  # … said only where one step is ten pupils or more, twice the smallest cell


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


def beside_cells(answered: int, refused: int, absent: int, eligible: int) -> tuple[Cell, Cell]:
    """Return how the refusals and the absences of a school may stand beside its coverage.

    Exact only where no part of the whole is few: else one small number could be found by taking the others away.
    Then neither is said: a coarser word for each, beside the exact number of those who sat, would still tell too much.
    """
    parts = (answered, refused, absent, eligible - answered - refused - absent)
    if any(0 < part < SMALLEST_CELL for part in parts):
        return Cell("hidden"), Cell("hidden")
    return Cell("exact", refused), Cell("exact", absent)


def percent(answered: int, eligible: int) -> int | None:
    """Return a whole percentage rounded down, so that "100" means everybody; None where nobody is eligible."""
    return answered * 100 // eligible if eligible else None


def share_beside(cells: Collection[Cell], answered: int, eligible: int) -> int | None:
    """Return the share over schools as it may stand beside their cells; None where it would undo the blurring.

    Exact where every cell is; else in steps of COARSE_PERCENT, and not at all for few pupils.
    """
    share = percent(answered, eligible)
    if share is None or all(cell.code == "exact" for cell in cells):
        return share
    return share // COARSE_PERCENT * COARSE_PERCENT if eligible >= COARSE_FROM else None
