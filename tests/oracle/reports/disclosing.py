"""What a reader with a solver finds out about hidden numbers from all that the summary says, on the page or in a file.

Unknown are the pupils of each scale by grade and band, and of the talks by outcome; everything told is an equation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

from tests.oracle.reports.reading import Told

HIDDEN = "·"
FEW = 5
REACHED = "Who was reached"
CAME_OF_IT = "What came of it"
Cell = tuple[str, str]


@dataclass
class Puzzle:
    """Cells that are unknown, and what is known of them: sums, and sums that are at most a number."""

    cells: list[Cell]
    sums: list[tuple[frozenset[Cell], int]] = field(default_factory=list)

    def ranges(self) -> dict[Cell, tuple[int, int]]:
        """Return the smallest and the largest value of each cell."""
        rows = [[float(cell in part) for cell in self.cells] for part, _total in self.sums]
        totals = [total for _part, total in self.sums]
        found = {}
        for at, cell in enumerate(self.cells):
            goal = np.zeros(len(self.cells))
            goal[at] = 1.0
            ends = [linprog(sign * goal, A_eq=rows, b_eq=totals, bounds=(0, None), method="highs") for sign in (1, -1)]
            assert all(end.status in (0, 3) for end in ends), "what is told contradicts itself"
            low, high = (10**6 if end.status == 3 else round(abs(end.fun)) for end in ends)
            found[cell] = (low, high)
        return found


def given_away(told: Sequence[Told], scales: Iterable[str]) -> list[str]:
    """Return the hidden cells that a solver can fix, or can tell to be small."""
    found = []
    for scale in scales:
        table = _table(told, scale)
        if table:
            found += [f"{scale} {cell}: {ends}" for cell, ends in _open_of(_puzzle(table, told, scale), table).items()]
    return found + [f"{CAME_OF_IT} {cell}: {ends}" for cell, ends in _outcomes(told).items()]


def _table(told: Sequence[Told], panel: str) -> dict[Cell, str]:
    """The cells of a table of bands: (row, column) → text."""
    cells = [each for each in told if each.place[0] == "cell" and each.place[1] == panel and each.place[2] == panel]
    rows = {each.place[3] for each in cells}
    is_of_grades = {row for row in rows if row == "All" or row.startswith("Grade ")}
    return {(each.place[3], each.place[4]): each.text for each in cells if each.place[3] in is_of_grades}


def _puzzle(table: dict[Cell, str], told: Sequence[Told], scale: str) -> Puzzle:
    rows = [row for row in dict.fromkeys(row for row, _column in table) if row != "All"]
    columns = [column for column in dict.fromkeys(column for _row, column in table) if column != "Pupils"]
    puzzle = Puzzle([(row, column) for row in rows for column in columns])
    for row in rows:
        puzzle.sums.append((frozenset((row, column) for column in columns), int(table[row, "Pupils"])))
    for column in columns:
        text = table.get(("All", column), HIDDEN)
        if text != HIDDEN:
            puzzle.sums.append((frozenset((row, column) for row in rows), int(text)))
    puzzle.sums += [(frozenset({cell}), int(table[cell])) for cell in puzzle.cells if table[cell] != HIDDEN]
    return _with_what_stands_beside(puzzle, told, scale, rows, columns)


def _with_what_stands_beside(
    puzzle: Puzzle, told: Sequence[Told], scale: str, rows: Sequence[str], columns: Sequence[str]
) -> Puzzle:
    """All sheets, who was reached by grade, and those above the lowest band."""
    bands = [column for column in columns if column != "Without a band"]
    for each in told:
        kind, panel, *rest = each.place
        if kind == "text" and panel == scale and each.place[2].startswith("# sheets."):
            puzzle.sums += _beside(puzzle, rows, columns, int(each.numbers[0]))
        is_raised = kind == "cell" and panel == scale and rest[1].endswith("· Total without the lie scale")
        if is_raised and rest[2] == "Above the lowest band" and each.text != HIDDEN:
            above = frozenset((row, column) for row in rows for column in bands[1:])
            puzzle.sums.append((above, int(each.text)))
        if kind == "cell" and panel == REACHED and rest[2] == "Handed in" and rest[1] in rows:
            puzzle.sums += _beside(puzzle, [rest[1]], columns, int(each.text))
    return puzzle


REST = "a rest that nobody tells"


def _beside(
    puzzle: Puzzle, rows: Sequence[str], columns: Sequence[str], whole: int
) -> list[tuple[frozenset[Cell], int]]:
    """Everybody of some rows; what the table leaves out is one more unknown cell, as small as it comes out."""
    rest = (", ".join(rows), REST)
    if rest in puzzle.cells:
        return []
    puzzle.cells.append(rest)
    inside = sum(total for part, total in puzzle.sums if part in [frozenset((row, c) for c in columns) for row in rows])
    if whole == inside:
        return [(frozenset({rest}), 0)]
    if whole < inside:  # who left since took no sheet along
        return [(frozenset({rest}), 0)]
    return [(frozenset({rest, *((row, column) for row in rows for column in columns)}), whole)]


def _open_of(puzzle: Puzzle, table: dict[Cell, str]) -> dict[Cell, tuple[int, int]]:
    ranges = puzzle.ranges()
    hidden = {cell for cell in puzzle.cells if table.get(cell, "") == HIDDEN}
    small_rest = {cell for cell in puzzle.cells if cell[1] == REST and 0 < ranges[cell][1] < FEW}
    unsafe = {cell for cell in hidden if ranges[cell][0] == ranges[cell][1] or ranges[cell][1] < FEW}
    return {cell: ranges[cell] for cell in sorted(unsafe | small_rest)}


def _outcomes(told: Sequence[Told]) -> dict[Cell, tuple[int, int]]:
    """The outcomes of the talks: one line whose sum is told in a sentence, or in none."""
    table = {(CAME_OF_IT, each.place[3]): each.text for each in told
             if each.place[0] == "cell" and each.place[1] == CAME_OF_IT}  # fmt: skip
    puzzle = Puzzle(list(table))
    puzzle.sums += [(frozenset({cell}), int(text)) for cell, text in table.items() if text != HIDDEN]
    whole = next((each for each in told if each.place[0] == "text" and "ask for a talk, #" in each.place[2]), None)
    if whole is not None and table:
        puzzle.sums.append((frozenset(table), int(whole.numbers[0])))
    if whole is None and table and HIDDEN not in table.values():
        return {(CAME_OF_IT, "the sum that is not told"): (1, 1)}
    return _open_of(puzzle, table) if table else {}
