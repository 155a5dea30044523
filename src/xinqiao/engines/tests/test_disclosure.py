"""Hidden cells, held against linear programming: what a reader with a solver could find out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from xinqiao.engines.disclosure import Group, hidden_cells, merged, protected, ranges_of

SMALLEST = 5
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 14), min_size=width, max_size=width), min_size=1, max_size=5)
)


def solved(counts, hidden):
    """The smallest and largest value of each hidden cell, by a solver that knows only the published numbers."""
    cells = sorted(hidden)
    lines, sums = [], []
    for row in range(len(counts)):
        lines.append([1.0 if cell[0] == row else 0.0 for cell in cells])
        sums.append(sum(counts[r][c] for r, c in cells if r == row))
    for column in range(len(counts[0])):
        lines.append([1.0 if cell[1] == column else 0.0 for cell in cells])
        sums.append(sum(counts[r][c] for r, c in cells if c == column))
    found = {}
    for index, cell in enumerate(cells):
        goal = np.zeros(len(cells))
        goal[index] = 1.0
        low, high = (
            linprog(sign * goal, A_eq=lines, b_eq=sums, bounds=(0, None), method="highs").fun for sign in (1, -1)
        )
        found[cell] = (round(low), round(-high))
    return found


def given_away(counts, hidden):
    """The hidden cells that a solver can fix, or can tell to be small."""
    return [cell for cell, (low, high) in solved(counts, hidden).items() if low == high or high < SMALLEST]


@settings(max_examples=60, deadline=None)
@given(TABLES, st.data())
def test_what_a_reader_can_find_out_is_what_a_solver_finds(counts, data):
    cells = [(r, c) for r in range(len(counts)) for c in range(len(counts[0]))]
    hidden = data.draw(st.sets(st.sampled_from(cells), min_size=1))
    assert ranges_of(counts, hidden) == solved(counts, hidden)


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_no_small_cell_can_be_found_by_taking_sums_apart(counts):
    hidden = hidden_cells(counts, SMALLEST)
    if hidden is None:
        return
    assert {(r, c) for r, row in enumerate(counts) for c, n in enumerate(row) if 0 < n < SMALLEST} <= hidden
    assert given_away(counts, hidden) == []


def test_hiding_the_small_cells_alone_gives_them_away():
    counts = [[20, 3, 9], [18, 12, 10], [15, 11, 8]]
    assert given_away(counts, {(0, 1)}) == [(0, 1)]
    hidden = hidden_cells(counts, SMALLEST)
    assert hidden is not None
    assert len(hidden) >= 4
    assert given_away(counts, hidden) == []


@pytest.mark.parametrize("counts", [[[3]], [[2, 2]], [[0, 4], [0, 0]]])
def test_a_table_that_cannot_be_protected_is_not_shown(counts):
    assert hidden_cells(counts, SMALLEST) is None


def groups(counts):
    return [Group((f"row {n}",), tuple(row)) for n, row in enumerate(counts)]


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_a_shown_table_is_true_and_its_small_rows_are_joined(counts):
    table = protected(groups(counts), SMALLEST)
    if table is None:
        return
    assert table.total == sum(map(sum, counts))
    assert all(group.total >= 2 * SMALLEST for group in table.groups)
    assert [label for group in table.groups for label in group.labels] == [
        f"row {n}" for n, row in enumerate(counts) if sum(row)
    ]
    for group, shown in zip(table.groups, table.shown, strict=True):
        assert all(cell is None or cell == count for cell, count in zip(shown, group.counts, strict=True))
        assert not any(cell is not None and 0 < cell < SMALLEST for cell in shown)
    for column, total in enumerate(table.sums):
        assert total is None or total == sum(row[column] for row in counts)
        assert total is not None or all(shown[column] is None for shown in table.shown)


def test_few_pupils_are_not_shown_at_all():
    assert protected(groups([[4, 5]]), SMALLEST) is None
    assert protected([], SMALLEST) is None


def test_a_small_last_row_joins_the_one_before():
    rows = merged(groups([[10, 10], [0, 0], [1, 2]]), 10)
    assert [(group.labels, group.counts) for group in rows] == [(("row 0", "row 2"), (11, 12))]
