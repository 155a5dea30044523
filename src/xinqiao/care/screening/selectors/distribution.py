"""Bands of scores by class and grade, for the psychology teacher of the school."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

from xinqiao.care.scales.selectors import scale_of, versions_by_id
from xinqiao.care.screening.selectors.sheets import OpenSheet
from xinqiao.engines.scoring import Scale
from xinqiao.engines.scoring.model import Band, Subscale
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import grade_name
from xinqiao.register.orgs.selectors import name_on

VOID, NO_BAND, SHORT = ".void", ".no_band", ".short"  # no code of a band begins with a dot


@dataclass(frozen=True)
class ScoreChoice:
    """One banded score that can be shown: `key` is `scale.subscale`."""

    key: str
    title: str


@dataclass(frozen=True)
class Distribution:
    """Pupils per band. `bands` are (code, title), the harmless first; rows are (label, counts in that order). Sheets
    that are void or incomplete, asked by adapting, or whose score lies in no band of a norm that fits, are counted
    beside (`beside`: of each grade); the score that makes a sheet void is shown of void sheets too.
    """

    choice: ScoreChoice
    bands: tuple[tuple[str, str], ...]
    by_grade: tuple[tuple[str, tuple[int, ...]], ...]
    by_class: tuple[tuple[str, tuple[int, ...]], ...]
    beside: tuple[int, ...]
    pupils: int
    void: int
    ungraded: int
    short: int


def score_choices(sheets: Sequence[OpenSheet]) -> list[ScoreChoice]:
    """Return the banded scores of the scales that were answered."""
    language = get_language() or "zh-hans"
    ids = dict.fromkeys(sheet.scale_id for sheet in sheets)
    versions = versions_by_id(ids)
    scales = {versions[scale_id].code: scale_of(versions[scale_id]) for scale_id in ids}
    return [
        ScoreChoice(f"{scale.id}.{subscale.id}", f"{scale.title.in_language(language)} · {_title(subscale, language)}")
        for scale in scales.values()
        for subscale in scale.subscales
        if subscale.band_sets
    ]


def _title(subscale: Subscale, language: str) -> str:
    return subscale.title.in_language(language)


def distribution_of(sheets: Sequence[OpenSheet], classes: Sequence[Unit], key: str, on: dt.date) -> Distribution | None:
    """Return one score's bands by grade and class; `key` as in ScoreChoice, the first one where it is unknown."""
    choices = score_choices(sheets)
    choice = next((each for each in choices if each.key == key), choices[0] if choices else None)
    if choice is None:
        return None
    scale_code, _, subscale_id = choice.key.partition(".")
    own = [sheet for sheet in sheets if sheet.scale_code == scale_code]
    scale = scale_of(versions_by_id({own[0].scale_id})[own[0].scale_id])
    bands = _bands(scale, subscale_id)
    counts: dict[UUID, Counter[str]] = {}
    for sheet in own:
        counts.setdefault(sheet.class_id, Counter())[_band_of(sheet, scale, subscale_id)] += 1
    order, grades = [code for code, _title in bands], _grades(counts, classes, on)
    return Distribution(
        choice=choice, bands=bands, pupils=len(own), void=sum(each[VOID] for each in counts.values()),
        ungraded=sum(each[NO_BAND] for each in counts.values()), short=sum(each[SHORT] for each in counts.values()),
        by_grade=tuple((label, tuple(total[code] for code in order)) for label, total in grades.items()),
        beside=tuple(total[VOID] + total[NO_BAND] + total[SHORT] for total in grades.values()),
        by_class=tuple(
            (name_on(unit, on), tuple(counts[unit.id][code] for code in order)) for unit in classes if unit.id in counts
        ),
    )  # fmt: skip


def _bands(scale: Scale, subscale_id: str) -> tuple[tuple[str, str], ...]:
    """Return every band of a score in order (norms of one score share their codes)."""
    language = get_language() or "zh-hans"
    subscale = scale.subscale(subscale_id)
    found: dict[str, Band] = {}
    for norm in subscale.band_sets:
        for band in norm.bands:
            found.setdefault(band.code, band)
    ordered = list(found.values())
    if subscale.higher_means == "better":
        ordered.reverse()
    return tuple((band.code, band.title.in_language(language)) for band in ordered)


def _band_of(sheet: OpenSheet, scale: Scale, subscale_id: str) -> str:
    is_judge = any(rule.when.subscale == subscale_id for rule in scale.validity)
    if sheet.result["faults"] or not (sheet.result["valid"] or is_judge):
        return VOID
    if sheet.is_short:
        return SHORT
    return sheet.result["bands"].get(subscale_id) or NO_BAND


def _grades(counts: dict[UUID, Counter[str]], classes: Sequence[Unit], on: dt.date) -> dict[str, Counter[str]]:
    grades: dict[str, Counter[str]] = {}
    for unit in classes:
        if unit.id in counts:
            label = grade_name(unit.stage, unit.entry_year or 0, on, unit.primary_years)
            grades.setdefault(label, Counter()).update(counts[unit.id])
    return grades
