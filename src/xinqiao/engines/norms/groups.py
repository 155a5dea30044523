"""From sheets to groups that are large enough: sexes together before stages together, else not at all."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from xinqiao.engines.norms.tables import Table, table_of

SEXES = ("female", "male")
Enough: TypeAlias = Callable[[Sequence["NormSheet"]], bool]


@dataclass(frozen=True, slots=True)
class Band:
    """Grades (1–12) of a stage that are looked at together."""

    stage: str
    grades: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NormRules:
    """What a norm needs: each group `group_sheets`, above a school of `schools`, each line of a table `line_sheets`.

    `left_out_signs` are codes of signs of answering without reading; a sheet that shows one is left out.
    """

    bands: tuple[Band, ...]
    group_sheets: int
    line_sheets: int
    schools: int
    left_out_signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NormSheet:
    """One answered scale. `turn` orders the sheets of one pupil: the first that counts is taken.

    `why_out` is a code, empty where the sheet counts; `scores` are by the id of the score.
    """

    pupil: Hashable
    school: Hashable
    turn: tuple[int, int]
    sex: str
    stage: str
    grade: int | None
    scores: Mapping[str, float]
    why_out: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A group of the norm: `sex` is empty where both are together. One table for each score."""

    sex: str
    bands: tuple[Band, ...]
    tables: Mapping[str, Table]

    @property
    def n(self) -> int:
        """How many sheets, one a pupil."""
        return next(iter(self.tables.values())).n


@dataclass(frozen=True, slots=True)
class Built:
    """The groups; no pupil is in two of them. `schools` gave their sheets.

    `left_out` counts sheets by code: those of `NormSheet.why_out`, and another_sheet (of the same pupil), no_band,
    no_sex (of a pupil whose sex is not known, where the sexes stand apart), too_few (their group).
    """

    cells: tuple[Cell, ...]
    schools: int
    left_out: Mapping[str, int]

    @property
    def n(self) -> int:
        """All sheets of the norm."""
        return sum(cell.n for cell in self.cells)


def build(sheets: Sequence[NormSheet], rules: NormRules, *, is_one_school: bool = False) -> Built:
    """Return the groups of a norm.

    Girls and boys of a band stand apart where each are enough; together where only both are; else the band is joined
    with the next one, the last with the one before it, and asked again. Where all bands together are too few, there
    is no norm. Enough are `group_sheets`, and, but for a norm of one school, sheets of `schools`.
    """

    def is_enough(own: Sequence[NormSheet]) -> bool:
        from_schools = len({sheet.school for sheet in own})
        return len(own) >= rules.group_sheets and (is_one_school or from_schools >= rules.schools)

    left_out: Counter[str] = Counter(sheet.why_out for sheet in sheets if sheet.why_out)
    counted = _one_a_pupil(sheets, left_out)
    cells: list[Cell] = []
    used: list[NormSheet] = []
    for bands, own in _joined(_by_band(counted, rules.bands, left_out), is_enough):
        for sex, group in _by_sex(own, is_enough, left_out):
            cells.append(Cell(sex, bands, _tables(group, rules.line_sheets)))
            used += group
    return Built(tuple(cells), len({sheet.school for sheet in used}), dict(left_out))


def _one_a_pupil(sheets: Sequence[NormSheet], left_out: Counter[str]) -> list[NormSheet]:
    first: dict[Hashable, NormSheet] = {}
    for sheet in sorted((sheet for sheet in sheets if not sheet.why_out), key=lambda sheet: sheet.turn):
        if sheet.pupil in first:
            left_out["another_sheet"] += 1
        first.setdefault(sheet.pupil, sheet)
    return list(first.values())


def _by_band(
    sheets: Sequence[NormSheet], bands: Sequence[Band], left_out: Counter[str]
) -> list[tuple[Band, list[NormSheet]]]:
    found: dict[Band, list[NormSheet]] = {band: [] for band in bands}
    for sheet in sheets:
        own = next((band for band in bands if band.stage == sheet.stage and sheet.grade in band.grades), None)
        if own is None:
            left_out["no_band"] += 1
        else:
            found[own].append(sheet)
    return [(band, own) for band, own in found.items() if own]


def _joined(
    rows: Sequence[tuple[Band, list[NormSheet]]], is_enough: Enough
) -> list[tuple[tuple[Band, ...], list[NormSheet]]]:
    joined: list[tuple[tuple[Band, ...], list[NormSheet]]] = []
    for band, own in rows:
        bands: tuple[Band, ...] = (band,)
        if joined and not is_enough(joined[-1][1]):
            before, theirs = joined.pop()
            bands, own = (*before, *bands), [*theirs, *own]
        joined.append((bands, own))
    if len(joined) > 1 and not is_enough(joined[-1][1]):
        last, own = joined.pop()
        before, theirs = joined.pop()
        joined.append(((*before, *last), [*theirs, *own]))
    return joined


def _by_sex(
    sheets: list[NormSheet], is_enough: Enough, left_out: Counter[str]
) -> Iterator[tuple[str, list[NormSheet]]]:
    if not is_enough(sheets):
        left_out["too_few"] += len(sheets)
        return
    apart = {sex: [sheet for sheet in sheets if sheet.sex == sex] for sex in SEXES}
    if not all(map(is_enough, apart.values())):
        yield "", sheets
        return
    unknown = len(sheets) - sum(map(len, apart.values()))
    if unknown:
        left_out["no_sex"] += unknown
    yield from apart.items()


def _tables(sheets: Sequence[NormSheet], line_sheets: int) -> dict[str, Table]:
    return {key: table_of([sheet.scores[key] for sheet in sheets], line_sheets) for key in sheets[0].scores}
