"""A table of text becomes a matrix of answers: `id` and one column an item; anything doubtful is refused by its row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from xinqiao.engines.psychometrics.covariance import Matrix, pairwise_covariance
from xinqiao.engines.scoring.faults import TableFault

MISSING_WORDS = frozenset({"", "na", "nan", "null", "none", "."})
MOST_ITEMS = 1_000  # ours: the longest questionnaires have a few hundred


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How to read a table: which columns are items (all but `id` if none is named), codes, and what is reversed."""

    items: tuple[str, ...] = ()
    lowest: float | None = None  # None: the lowest answer that occurs in the table
    highest: float | None = None
    reverse: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row was left out: its number as a spreadsheet counts (the header is 1), column, code and what stood there.

    Codes: `wrong_length`, `not_a_number`, `out_of_codes`, `no_id`, `same_id`.
    """

    row: int
    column: str
    code: str
    value: str


@dataclass(frozen=True)
class ItemTable:
    """Sheets by items; `answers` has reversed items turned, missing answers NaN, shape (sheets, items).

    What several figures need is computed once and kept with the table.
    """

    ids: tuple[str, ...]
    items: tuple[str, ...]
    answers: Matrix
    rejected: tuple[RowFault, ...] = ()
    reversed: frozenset[str] = field(default_factory=frozenset)
    raw: Matrix = field(default_factory=lambda: np.empty((0, 0)))

    @cached_property
    def covariance(self) -> Matrix:
        """Covariances of the items over the sheets that answered both."""
        return pairwise_covariance(self.answers)

    @cached_property
    def varying(self) -> "ItemTable":
        """The same sheets without constant items; the table itself where there is none."""
        return self.without(self.constant) if self.constant else self

    @cached_property
    def constant(self) -> tuple[str, ...]:
        """Items that nobody or everybody answered alike: they neither add to nor take from what is measured."""
        varies = _spread(self.answers) > 0
        return tuple(name for name, does in zip(self.items, varies, strict=True) if not does)

    def without(self, names: Iterable[str]) -> "ItemTable":
        """The same sheets without some items."""
        gone = set(names)
        kept = [at for at, name in enumerate(self.items) if name not in gone]
        names_kept = tuple(self.items[at] for at in kept)
        return ItemTable(self.ids, names_kept, self.answers[:, kept], self.rejected, self.reversed, self.raw[:, kept])


def table_of(ids: Sequence[str], items: Sequence[str], raw: Matrix, mirrors: Mapping[int, float]) -> ItemTable:
    """Answers that are numbers (missing: NaN) as a table; `mirrors` gives lowest + highest of turned columns."""
    answers = raw.copy()
    for at, both in mirrors.items():
        answers[:, at] = both - raw[:, at]
    return ItemTable(tuple(ids), tuple(items), answers, reversed=frozenset(items[at] for at in mirrors), raw=raw)


def _spread(answers: Matrix) -> Matrix:
    """Largest less smallest answer of each column; 0 where nobody answered."""
    low = np.where(np.isnan(answers), np.inf, answers).min(axis=0, initial=np.inf)
    high = np.where(np.isnan(answers), -np.inf, answers).max(axis=0, initial=-np.inf)
    return np.where(high > low, high - low, 0.0)


def read_items(rows: Iterable[Sequence[str]], options: TableOptions | None = None) -> ItemTable:
    """Read rows of text, the first of which names the columns. Raises `TableFault` where the header cannot be used."""
    wanted = options or TableOptions()
    lines = iter(rows)
    header = [cell.strip().lstrip("\ufeff").strip() for cell in next(lines, [])]
    id_at, columns = _columns(header, wanted)
    ids: list[str] = []
    values: list[list[float]] = []
    rejected: list[RowFault] = []
    seen: set[str] = set()
    for number, row in enumerate(lines, start=2):
        if not any(cell.strip() for cell in row):
            continue
        found = _read_row(number, row, header, id_at, columns, wanted, seen)
        if isinstance(found, RowFault):
            rejected.append(found)
        else:
            ids.append(found[0])
            values.append(found[1])
    names = tuple(header[at] for at in columns)
    raw = np.array(values, dtype=np.float64).reshape(len(values), len(names))
    turned = frozenset(wanted.reverse)
    return ItemTable(tuple(ids), names, _turned(raw, names, wanted), tuple(rejected), turned, raw)


def _columns(header: Sequence[str], wanted: TableOptions) -> tuple[int, list[int]]:
    """Where the id stands, and where the items stand, in the order in which they were named."""
    if not any(header):
        raise TableFault("no_header")
    for name in header:
        if name and header.count(name) > 1:
            raise TableFault("duplicate_column", name)
    lowered = [name.lower() for name in header]
    if "id" not in lowered:
        raise TableFault("missing_column", "id")
    id_at = lowered.index("id")
    names = wanted.items or tuple(name for at, name in enumerate(header) if at != id_at and name)
    for name in (*names, *wanted.reverse):
        if name not in header or header.index(name) == id_at:
            raise TableFault("missing_column", name)
    if unknown := next((name for name in wanted.reverse if name not in names), None):
        raise TableFault("missing_column", unknown)
    if not 2 <= len(names) <= MOST_ITEMS:
        raise TableFault("item_count", str(len(names)))
    return id_at, [header.index(name) for name in names]


def _read_row(
    number: int,
    row: Sequence[str],
    header: Sequence[str],
    id_at: int,
    columns: Sequence[int],
    wanted: TableOptions,
    seen: set[str],
) -> RowFault | tuple[str, list[float]]:
    if len(row) < len(header) or any(cell.strip() for cell in row[len(header) :]):
        return RowFault(number, "", "wrong_length", str(len(row)))
    name = row[id_at].strip()
    if not name or name in seen:
        return RowFault(number, header[id_at], "same_id" if name else "no_id", name)
    answers = []
    for at in columns:
        text = row[at].strip()
        value = _number(text)
        if value is None:
            return RowFault(number, header[at], "not_a_number", text)
        if _is_outside(value, wanted):
            return RowFault(number, header[at], "out_of_codes", text)
        answers.append(value)
    seen.add(name)
    return name, answers


def _number(text: str) -> float | None:
    """A finite number, NaN for a missing answer, None for anything else."""
    if text.lower() in MISSING_WORDS:
        return float("nan")
    if not text.isascii() or "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _is_outside(value: float, wanted: TableOptions) -> bool:
    too_low = wanted.lowest is not None and value < wanted.lowest
    return too_low or (wanted.highest is not None and value > wanted.highest)


def _turned(raw: Matrix, names: Sequence[str], wanted: TableOptions) -> Matrix:
    """Reversed items as lowest + highest - answer."""
    at = [names.index(name) for name in wanted.reverse]
    answers = raw.copy()
    if at and not np.isnan(raw).all():
        low = wanted.lowest if wanted.lowest is not None else float(np.nanmin(raw))
        high = wanted.highest if wanted.highest is not None else float(np.nanmax(raw))
        answers[:, at] = low + high - raw[:, at]
    return answers
