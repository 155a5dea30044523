"""A norm as it is stored: groups, tables, and what was left out. Counts of fewer sheets than a line holds are null."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal

import msgspec

from xinqiao.engines.norms import Band, Built, Cell, Line, NormRules, Table

FORMAT: Final = "xinqiao.local-norm/1"
DECIMALS = 1  # of mean and deviation: enough to place a score, too few to work out who answered what


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Frozen, and a key that nobody knows is a fault."""


class TableEntry(Struct, frozen=True):
    """One score in one group: lines are (lowest, highest, sheets)."""

    mean: float
    sd: float
    lines: list[tuple[float, float, int]]

    def table(self, n: int) -> Table:
        """The table as the engine takes it."""
        return Table(n, self.mean, self.sd, tuple(Line(*line) for line in self.lines))


class GroupEntry(Struct, frozen=True):
    """One group: `sex` is empty where girls and boys are together; `bands` are (stage, grades 1–12)."""

    sex: str
    bands: list[tuple[str, list[int]]]
    n: int
    scores: dict[str, TableEntry]

    def covers(self, sex: str, stage: str, grade: int | None) -> bool:
        """Does a pupil of this sex, stage and grade belong to the group?"""
        return self.sex in ("", sex) and any(stage == own and grade in grades for own, grades in self.bands)


class RulesEntry(Struct, frozen=True):
    """The rules it was made by, and the revision of the policy that states them."""

    group_sheets: int
    line_sheets: int
    schools: int
    left_out_signs: list[str]
    revision: str


class NormFile(Struct, frozen=True):
    """A whole norm."""

    format: Literal["xinqiao.local-norm/1"]
    scale: str
    version: str
    school_year: int
    schools: int
    groups: list[GroupEntry]
    left_out: dict[str, int | None]
    rules: RulesEntry

    @property
    def sheets(self) -> int:
        """How many sheets, one a pupil."""
        return sum(group.n for group in self.groups)

    def text(self) -> str:
        """The norm as it is stored and digested."""
        return msgspec.json.encode(self).decode()


def norm_file(built: Built, rules: NormRules, *, scale: str, version: str, school_year: int, revision: str) -> NormFile:
    """Return what the engine built as it is stored."""
    stated = RulesEntry(
        group_sheets=rules.group_sheets, line_sheets=rules.line_sheets, schools=rules.schools,
        left_out_signs=list(rules.left_out_signs), revision=revision,
    )  # fmt: skip
    return NormFile(
        format=FORMAT, scale=scale, version=version, school_year=school_year, schools=built.schools,
        groups=[_group(cell) for cell in built.cells], rules=stated,
        left_out={code: _few_hidden(n, rules.line_sheets) for code, n in sorted(built.left_out.items()) if n},
    )  # fmt: skip


def _few_hidden(count: int, fewest: int) -> int | None:
    return count if count >= fewest else None


def _group(cell: Cell) -> GroupEntry:
    scores = {
        key: TableEntry(
            mean=round(table.mean, DECIMALS), sd=round(table.sd, DECIMALS),
            lines=[(line.low, line.high, line.count) for line in table.lines],
        )
        for key, table in cell.tables.items()
    }  # fmt: skip
    return GroupEntry(sex=cell.sex, bands=_bands(cell.bands), n=cell.n, scores=scores)


def _bands(bands: Sequence[Band]) -> list[tuple[str, list[int]]]:
    return [(band.stage, list(band.grades)) for band in bands]


@lru_cache(maxsize=64)
def norm_of_text(text: str) -> NormFile:
    """Return a stored norm; kept, since norms never change."""
    return msgspec.json.decode(text, type=NormFile)
