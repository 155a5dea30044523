"""Hiding small cells of a table whose row and column sums stay published.

First every cell from 1 to below the smallest is hidden; then further ones, until nobody who takes the sums apart can
tell that a hidden cell is small, or what it is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from xinqiao.engines.disclosure.flows import Cell, ranges_of

Counts = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Group:
    """A row: what it is called, and its counts."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of the row."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Protected:
    """A table as it may be shown: None stands for a hidden cell; sums are true."""

    groups: tuple[Group, ...]
    shown: tuple[tuple[int | None, ...], ...]
    sums: tuple[int | None, ...]
    total: int


def protected(groups: Sequence[Group], smallest: int) -> Protected | None:
    """Return a table that may be shown, None where no way of hiding cells protects those in it.

    Rows of fewer than twice the smallest are joined with their neighbours first. The sums over all rows are a line
    like the others: they are protected too, against what is known of the whole.
    """
    rows = merged(groups, 2 * smallest)
    if not rows or rows[0].total < 2 * smallest:
        return None
    hidden_sums = hidden_cells([_sums(rows)], smallest)
    if hidden_sums is None:
        return None
    columns = frozenset(column for _row, column in hidden_sums)
    hidden = _hidden(rows, smallest, columns)
    if hidden is None:
        return None
    shown = tuple(
        tuple(None if (r, c) in hidden else count for c, count in enumerate(row.counts)) for r, row in enumerate(rows)
    )
    sums = tuple(None if c in columns else total for c, total in enumerate(_sums(rows)))
    return Protected(tuple(rows), shown, sums, sum(row.total for row in rows))


def _sums(rows: Sequence[Group]) -> list[int]:
    return [sum(column) for column in zip(*(row.counts for row in rows), strict=True)]


def _hidden(rows: Sequence[Group], smallest: int, columns: frozenset[int]) -> frozenset[Cell] | None:
    """The cells to hide. A column whose sum is hidden is hidden whole: to the reader it is a free line."""
    whole = {(r, c) for r in range(len(rows)) for c in columns}
    return hidden_cells([row.counts for row in rows], smallest, whole)


def merged(groups: Sequence[Group], fewest: int) -> list[Group]:
    """Join each row of fewer than `fewest` with the next, the last with the one before it; empty rows are dropped."""
    rows: list[Group] = []
    for group in groups:
        if not group.total:
            continue
        if rows and rows[-1].total < fewest:
            group = _joined(rows.pop(), group)
        rows.append(group)
    if len(rows) > 1 and rows[-1].total < fewest:
        last = rows.pop()
        rows.append(_joined(rows.pop(), last))
    return rows


def _joined(one: Group, other: Group) -> Group:
    counts = tuple(a + b for a, b in zip(one.counts, other.counts, strict=True))
    return Group((*one.labels, *other.labels), counts)


def hidden_cells(counts: Counts, smallest: int, also: Collection[Cell] = ()) -> frozenset[Cell] | None:
    """Return which cells to hide where all sums are published; None where even hiding every cell would not do.

    `also` are cells that are hidden in any case. A cell is safe when the published sums leave it a range that reaches
    the smallest cell and is not a single number.
    """
    hidden = {(r, c) for r, row in enumerate(counts) for c, count in enumerate(row) if 0 < count < smallest} | set(also)
    while unsafe := _unsafe(counts, hidden, smallest):
        more = _one_more(counts, hidden, unsafe)
        if more is None:
            return None
        hidden.add(more)
    return frozenset(hidden)


def _unsafe(counts: Counts, hidden: set[Cell], smallest: int) -> Cell | None:
    ranges = ranges_of(counts, hidden)
    return next(
        (cell for cell in sorted(hidden) if ranges[cell][1] < smallest or ranges[cell][0] == ranges[cell][1]), None
    )


def _one_more(counts: Counts, hidden: set[Cell], unsafe: Cell) -> Cell | None:
    """The next cell to hide: the smallest in the row or column of the unsafe one, whichever has fewer hidden.

    Where both are hidden whole, any other cell.
    """
    row, column = unsafe
    in_row = [(row, c) for c in range(len(counts[row])) if (row, c) not in hidden]
    in_column = [(r, column) for r in range(len(counts)) if (r, column) not in hidden]
    hidden_in_row, hidden_in_column = len(counts[row]) - len(in_row), len(counts) - len(in_column)
    lines = (in_row, in_column) if hidden_in_row <= hidden_in_column else (in_column, in_row)
    rest = [(r, c) for r, each in enumerate(counts) for c in range(len(each)) if (r, c) not in hidden]
    for line in (*lines, rest):
        if line:
            return min(line, key=lambda cell: (counts[cell[0]][cell[1]] == 0, counts[cell[0]][cell[1]], cell))
    return None
