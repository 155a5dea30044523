"""Which counts an officer may see of a school. Pure.

An officer sees how many should have answered and how many did. Where either few answered or few did not, the exact
number would speak of a handful of children, so it is blurred. What is said over schools, and on the other pages, is
said so that nobody who holds the pages against each other finds the number after all.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from xinqiao.foundation.core.handfuls import SMALLEST_CELL

COARSE_PERCENT = 5  # a step of a share beside blurred counts
COARSE_FROM = 200  # a share of pupils who are nowhere counted: only where one step is ten or more, twice the smallest


@dataclass(frozen=True, slots=True)
class Cell:
    """A count to show. `code`: exact (`value`), fewer (than five), all_but_fewer (than five are missing), part (of so
    few that either word would tell too much: some, and not all), hidden."""

    code: str
    value: int = 0


def answered_cell(answered: int, eligible: int) -> Cell:
    """Return how the answered of a school may be shown."""
    if 0 < eligible < SMALLEST_CELL:
        return Cell("hidden")
    if 0 < answered < eligible < 2 * SMALLEST_CELL:
        return Cell("part")  # five of six: not "fewer", so "all but fewer" would say which
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


def coarse_share(answered: int, eligible: int) -> int | None:
    """Return the share of pupils of whom no count is shown anywhere: in steps, and not at all of few."""
    return _step(answered, eligible) if eligible >= COARSE_FROM else None


def share_over(schools: Collection[tuple[Cell, int]]) -> int | None:
    """Return the share over schools, each as its cell and its pupils tell of it; None where that does not tell it.

    It is computed from what is told, never from the counts: a step that turned within what a blurred cell leaves open
    would say on which side the count lies.
    """
    if all(cell.code == "exact" for cell, _eligible in schools):
        return percent(sum(cell.value for cell, _n in schools), sum(eligible for _cell, eligible in schools))
    ends = [ends_of(cell, eligible) for cell, eligible in schools]
    whole = sum(SMALLEST_CELL - 1 if cell.code == "hidden" else eligible for cell, eligible in schools)
    low, high = (_step(sum(found), whole) for found in zip(*ends, strict=True))
    return low if low == high else None


def ends_of(cell: Cell, eligible: int) -> tuple[int, int]:
    """Return the smallest and the largest count that a cell leaves open."""
    few = SMALLEST_CELL - 1
    return {
        "exact": (cell.value, cell.value), "fewer": (1, few), "all_but_fewer": (eligible - few, eligible - 1),
        "part": (1, eligible - 1),
    }.get(cell.code, (0, few))  # fmt: skip


def nested_cells(wholes: Collection[int], counts: Iterable[int]) -> tuple[Cell, ...]:
    """Return how counts may be shown of which each is part of the one before, the first of all `wholes`.

    Each is held against what is told exactly before it, and against nothing else: how a cell is blurred must not say
    anything of another that is.
    """
    found, told = [], list(wholes)
    for count in counts:
        cell = _beside(count, told)
        found.append(cell)
        told += [count] if cell.code == "exact" else []
    return tuple(found)


def _beside(count: int, told: Collection[int]) -> Cell:
    codes = {answered_cell(count, larger).code for larger in told}
    code = next((code for code in ("hidden", "part", "fewer", "all_but_fewer") if code in codes), "exact")
    return Cell(code, count if code == "exact" else 0)


def beside_year(answered: int, eligible: int, year: Cell, of_year: int) -> Cell:
    """Return how the answered of a screening may be shown beside what is told of its school's year.

    What would tell of a few is hidden, and with it, where that is only one count, whatever else is not exact: else
    that it is hidden would tell it.
    """
    cell = answered_cell(answered, eligible)
    most = min(eligible, year.value) if year.code == "exact" else eligible
    near = {each for each in _near(eligible, year, of_year) if 0 <= each <= most}
    hidden = {each for each in near if answered_cell(each, eligible).code == "exact"
              and _is_told(each, eligible, year, of_year)}  # fmt: skip
    if answered in hidden or (len(hidden) == 1 and cell.code != "exact"):
        return Cell("hidden")
    return Cell("hidden") if cell.code == "exact" and _is_told(answered, eligible, year, of_year) else cell


def _near(eligible: int, year: Cell, of_year: int) -> Iterable[int]:
    """The counts of a screening that may lie too near to those of the year."""
    if year.code != "exact":
        low, high = ends_of(year, of_year)
        return range(low + 1, min(high, low + SMALLEST_CELL) + 1)
    few = range(1, SMALLEST_CELL)
    return (*(year.value - each for each in few), *(year.value - (of_year - eligible) + each for each in few))


def _is_told(answered: int, eligible: int, year: Cell, of_year: int) -> bool:
    """Would an exact count tell of a few: of pupils who answered in the year and not here, or of others who did not?

    Where the year's own count is blurred, it must not be narrowed.
    """
    if 0 < of_year - eligible < SMALLEST_CELL:
        return True
    if year.code != "exact":
        return answered > ends_of(year, of_year)[0]
    more = year.value - answered
    return any(0 < part < SMALLEST_CELL for part in (more, of_year - eligible - more))


def _step(answered: int, eligible: int) -> int | None:
    share = percent(answered, eligible)
    return None if share is None else share // COARSE_PERCENT * COARSE_PERCENT
