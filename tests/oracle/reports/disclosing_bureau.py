"""What a bureau that holds all its pages against each other finds out about a handful of pupils, with a solver.

Unknown are, of each school, the pupils who handed in this year, refused, were absent, or none of these; those who
handed in what was ordered; the letters of each screening. What is told is an equation or a bound; the roster is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

from tests.oracle.reports.reading import Told

FEW = 5
FEWER, ALL_BUT, DASH = "fewer than 5", "all but fewer than 5", "–"
UNTOLD = "no cell"
PUPILS = "Pupils to be screened"
Name = tuple[str, ...]
Sum = Mapping[Name, float]


@dataclass
class Known:
    """Whole unknown numbers from 0, and what is known of them: sums that lie between two ends. `told` are the texts of
    cells by the name of their number."""

    names: list[Name] = field(default_factory=list)
    bounds: list[tuple[Sum, float, float]] = field(default_factory=list)
    told: dict[Name, str] = field(default_factory=dict)

    def number(self, name: Name, text: str = UNTOLD) -> Name:
        """One more unknown."""
        if name not in self.names:
            self.names.append(name)
            self.told[name] = text
        return name

    def between(self, parts: Sum, low: float, high: float = np.inf) -> None:
        """Add what is known of a sum."""
        self.bounds.append((parts, low, high))

    def cell(self, name: Name, text: str, wholes: Sequence[Name]) -> Name:
        """A cell of which the count is part of some wholes, the nearest first."""
        self.number(name, text)
        for whole in wholes:
            self.between({whole: 1, name: -1}, 0)
        if text == FEWER:
            self.between({name: 1}, 1, FEW - 1)
        elif text == ALL_BUT:
            self.between({wholes[0]: 1, name: -1}, -np.inf, FEW - 1)
            self.between({wholes[-1]: 1, name: -1}, 1)
        elif text != DASH:
            self.between({name: 1}, float(text), float(text))
        return name

    def ends(self, parts: Sum) -> tuple[int, int]:
        """Return the smallest and the largest value of a sum."""
        rows, limits = [], []
        for found, low, high in self.bounds:
            row = np.array([found.get(name, 0.0) for name in self.names])
            rows += [row, -row]
            limits += [high, -low]
        kept = [at for at, limit in enumerate(limits) if np.isfinite(limit)]
        goal, ends = np.array([parts.get(name, 0.0) for name in self.names]), []
        for sign in (1, -1):
            end = linprog(sign * goal, A_ub=np.array(rows)[kept], b_ub=np.array(limits)[kept], integrality=1)
            assert end.status in (0, 3), "what is told contradicts itself"
            ends.append(sign * 10**6 if end.status == 3 else sign * end.fun)
        return round(ends[0]), round(-ends[1] if ends[1] < 0 else ends[1])


@dataclass(frozen=True)
class Pages:
    """What one reader is told on one day; `asked` says of each school and screening how many its roster asks."""

    coverage: Sequence[Told]
    order: Sequence[Told]
    letters: Sequence[Told]
    asked: Mapping[tuple[str, str], int]
    ordered: str
    to_ask: Sequence[Told] = ()


def handfuls(*days: Pages) -> list[str]:
    """Return the counts of a handful that follow from all that is told, on one day or on several in their order."""
    known, looked_at = Known(), []
    for day, pages in enumerate(days):
        looked_at += _of_day(known, str(day), pages)
    for school in {name[1] for name in known.names}:
        for before, after in zip(range(len(days)), range(1, len(days)), strict=False):
            _since(known, school, str(before), str(after))
    found = []
    for words, parts in looked_at:
        low, high = known.ends(parts)
        is_small = 0 < low <= high < FEW
        is_said = len(parts) == 1 and known.told[next(iter(parts))] == FEWER
        if is_small and (low == high or (len(parts) == 1 and not is_said)):
            found.append(f"{words}: {low} to {high}")
    return found


def _of_day(known: Known, day: str, pages: Pages) -> list[tuple[str, Sum]]:
    looked_at = []
    table = _cells(pages.coverage, "Coverage by school")
    for school, row in table.items():
        looked_at += _of_school(known, (day, school), row)
    for school, row in _cells(pages.to_ask, "Schools that can be asked").items():
        if (day, school, "eligible") in known.names and row[PUPILS] != FEWER:
            known.between({(day, school, "eligible"): 1}, float(row[PUPILS]), float(row[PUPILS]))
    for school, row in _cells(pages.order, "Schools of this order").items():
        if row["Handed in"] != DASH or row["Status"] in ("Running", "Ended"):
            looked_at += _of_order(known, (day, school), row, pages.asked[school, pages.ordered])
    for school, name, texts in _letters(pages.letters):
        looked_at += _of_letters(known, (day, school), name, texts, pages.asked[school, name])
    _over_schools(known, day, pages.coverage, list(table))
    return looked_at


def _of_school(known: Known, at: Name, row: Mapping[str, str]) -> list[tuple[str, Sum]]:
    """Everybody is in one of four parts; the last of them no column tells."""
    everybody = known.number((*at, "eligible"), row[PUPILS])
    if row[PUPILS] == FEWER:
        known.between({everybody: 1}, 1, FEW - 1)
    else:
        known.between({everybody: 1}, float(row[PUPILS]), float(row[PUPILS]))
    sat, refused, absent = (
        known.cell((*at, column), row[column], [everybody]) for column in ("Handed in", "Refused", "Absent")
    )
    rest = known.number((*at, "rest"))
    known.between({everybody: 1, sat: -1, refused: -1, absent: -1, rest: -1}, 0, 0)
    words = " ".join(at)
    looked_at = [(f"{words}, {part[-1]}", {part: 1.0}) for part in (everybody, sat, refused, absent, rest)]
    return [*looked_at, (f"{words}, not handed in", {everybody: 1.0, sat: -1.0})]


def _of_order(known: Known, at: Name, row: Mapping[str, str], asked: int) -> list[tuple[str, Sum]]:
    whole, sat = known.number((*at, "ordered")), (*at, "Handed in")
    known.between({whole: 1}, asked, asked)
    text = row["Handed in"].split(" / ")[0]
    found = known.cell((*at, "handed in as ordered"), text, [whole])
    known.between({sat: 1, found: -1}, 0)
    words = " ".join(at)
    return [
        (f"{words}, handed in as ordered", {found: 1.0}), (f"{words}, ordered and not", {whole: 1.0, found: -1.0}),
        (f"{words}, handed in otherwise", {sat: 1.0, found: -1.0}),
    ]  # fmt: skip


def _of_letters(known: Known, at: Name, name: str, texts: Sequence[str], asked: int) -> list[tuple[str, Sum]]:
    """Letters are for those who handed in, some of them out, some of these arrived."""
    sat, words = (*at, "Handed in"), " ".join((*at, name))
    wholes, found = [known.number((*at, name, "asked"))], []
    known.between({wholes[0]: 1}, asked, asked)
    for part, text in zip(("letters", "out", "arrived"), texts, strict=True):
        number = known.cell((*at, name, part), text, wholes)
        known.between({sat: 1, number: -1}, 0)
        found.append((f"{words}, {part}", {number: 1.0}))
        found += [(f"{words}, between {whole[-1]} and {part}", {whole: 1.0, number: -1.0}) for whole in (*wholes, sat)]
        wholes.insert(0, number)
    return found


def _over_schools(known: Known, day: str, coverage: Sequence[Told], schools: Sequence[str]) -> None:
    """The share over the schools: exact where every count is, else in steps of five."""
    told = next((each for each in coverage if each.place[0] == "text" and "of those pupils have" in each.text), None)
    if told is None:
        return
    share = int(told.numbers[0])
    is_exact = all(known.told[day, school, "Handed in"].isdigit() for school in schools)
    sums = {(day, school, "Handed in"): 100.0 for school in schools}
    wholes = {(day, school, "eligible") for school in schools}
    known.between({**sums, **dict.fromkeys(wholes, -float(share))}, 0)
    known.between({**sums, **dict.fromkeys(wholes, -float(share + (1 if is_exact else 5)))}, -np.inf, -1)


def _since(known: Known, school: str, before: str, after: str) -> None:
    """Nobody unhands a sheet: where as many are to be screened on both days, no count of sheets is smaller later."""
    one, other = (known.told.get((day, school, "eligible"), "") for day in (before, after))
    if one != other:
        return
    for column in ("Handed in", "handed in as ordered"):
        if (before, school, column) in known.names and (after, school, column) in known.names:
            known.between({(after, school, column): 1, (before, school, column): -1}, 0)


def _cells(told: Iterable[Told], caption: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for each in told:
        if each.place[0] == "cell" and each.place[2] == caption:
            found.setdefault(each.place[3], {})[each.place[4]] = each.text
    return found


def _letters(told: Iterable[Told]) -> list[tuple[str, str, list[str]]]:
    """Rows of one school follow each other, so they are told apart by their order."""
    cells = [each for each in told if each.place[0] == "cell"]
    return [
        (cells[at].place[3], cells[at].text, [each.text for each in cells[at + 1 : at + 4]])
        for at in range(0, len(cells), 4)
    ]
