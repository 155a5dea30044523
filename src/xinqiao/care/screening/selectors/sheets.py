"""Opened answer sheets: what was answered and what it comes to, in the reader's language. Always leaves an event."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from xinqiao.care.scales.norm_selectors import LocalStanding
from xinqiao.care.scales.selectors import scale_of, versions_by_id
from xinqiao.care.screening.forecast import accuracy_of, false_alarms_in_100
from xinqiao.care.sheets.models import AnswerSheet
from xinqiao.care.sheets.scoring import read_result
from xinqiao.engines.scoring import Scale, number_text, unpack_answers
from xinqiao.engines.scoring.model import Subscale
from xinqiao.foundation.keys.fields import open_sealed

ROUNDING = 1e-9  # a chance that is whole but for rounding errors is whole


@dataclass(frozen=True)
class ScoreLine:
    """One score. `step` of `steps` counts its band from the harmless end; 0 where no band fits or scores are void.

    `local` is where it stands in a local norm, where there is one.
    """

    id: str
    title: str
    value: str
    band: str
    step: int
    steps: int
    is_confirmed: bool
    local: LocalStanding | None = None


@dataclass(frozen=True)
class FlagLine:
    """One published reason for a second look; of a hundred such, how many are expected to be false alarms, if known."""

    title: str
    false_alarms: int | None
    source: str


@dataclass(frozen=True)
class ShortLine:
    """A sheet asked by adapting: `asked` of `of` questions, and what is known of the whole scale. `value` is an
    estimate with an interval of 90 % from `low` to `high`; `chance` (whole per cent, rounded down) is that of the
    decision, 100 where nothing left unasked could change it. `bands` are (title, per cent), the likeliest first.
    `error` is the standard error of the estimate, in standard deviations of the pupils behind the item parameters;
    `is_precise` says that the sitting went on until it was as small as the plan asked. `is_known` is false where an
    asked question has no answer.
    """

    asked: int
    of: int
    title: str
    is_known: bool
    is_exact: bool = False
    error: str = ""
    is_precise: bool = False
    value: str = ""
    low: str = ""
    high: str = ""
    reaches: bool = False
    chance: int = 0
    bands: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class ItemLine:
    """One answer, with its wording where that may be shown."""

    number: int
    text: str
    answer: str
    is_critical: bool
    is_missing: bool
    is_asked: bool


@dataclass(frozen=True)
class SheetFace:
    """One answered scale, as the psychology teacher sees it."""

    sitting_id: UUID
    origin_id: UUID
    scale_code: str
    scale_id: UUID
    title: str
    submitted_at: dt.datetime
    round: int
    scores: tuple[ScoreLine, ...]
    flags: tuple[FlagLine, ...]
    is_valid: bool
    voided_by: tuple[str, ...]
    faults: tuple[str, ...]
    critical: tuple[int, ...]
    should_repeat: bool
    care_signs: tuple[str, ...]
    seconds_per_item: float | None
    items: tuple[ItemLine, ...]
    short: ShortLine | None = None

    @property
    def has_local(self) -> bool:
        """Does a local norm say something of any score?"""
        return any(line.local for line in self.scores)


@dataclass(frozen=True)
class OpenSheet:
    """One answer sheet, opened: what the tables of a campaign are made of."""

    student_id: UUID
    class_id: UUID
    sitting_id: UUID
    scale_code: str
    scale_id: UUID
    submitted_at: dt.datetime
    round: int
    result: Mapping[str, Any]

    @property
    def is_short(self) -> bool:
        """Was it asked by adapting, also where that came to all questions?"""
        return "short" in self.result

    @property
    def is_doubtful(self) -> bool:
        """Should it be answered again: void, not scorable, or filled in without reading?"""
        return bool(not self.result["valid"] or self.result["faults"] or self.result["care"]["again"])


def open_sheets(rows: Sequence[AnswerSheet]) -> list[OpenSheet]:
    """Open the results of sheets (with their sittings joined); those whose key was destroyed are left out."""
    return [
        OpenSheet(
            student_id=row.student_id, class_id=row.sitting.class_id, sitting_id=row.sitting_id,
            scale_code=row.scale_code, scale_id=row.scale_id, submitted_at=row.submitted_at, round=row.sitting.round,
            result=read_result(opened["result"]),
        )
        for row, opened in zip(rows, open_sealed(rows, "result"), strict=True)
        if opened["result"]
    ]  # fmt: skip


def faces_of(rows: Sequence[AnswerSheet]) -> list[SheetFace]:
    """Return sheets in full, with every answer; those whose key was destroyed are left out."""
    versions = versions_by_id({row.scale_id for row in rows})
    opened = open_sealed(rows, "result", "answers")
    return [
        _face(row, scale_of(versions[row.scale_id]), read_result(words["result"]), words["answers"])
        for row, words in zip(rows, opened, strict=True)
        if words["result"] and words["answers"] is not None
    ]


def _face(row: AnswerSheet, scale: Scale, result: Mapping[str, Any], packed: bytes) -> SheetFace:
    language = get_language() or "zh-hans"
    care = result["care"]
    return SheetFace(
        sitting_id=row.sitting_id, origin_id=row.origin_id, scale_code=row.scale_code, scale_id=row.scale_id,
        title=scale.title.in_language(language), submitted_at=row.submitted_at, round=row.sitting.round,
        scores=tuple(score_lines(scale, result, language)), flags=tuple(_flags(scale, result, language)),
        is_valid=result["valid"], faults=tuple(result["faults"]), critical=tuple(result["critical"]),
        voided_by=tuple(r.title.in_language(language) for r in scale.validity if r.id in result["voided_by"]),
        should_repeat=care["again"], care_signs=tuple(care["because"]), seconds_per_item=care["seconds_per_item"],
        items=tuple(_items(scale, packed, result, language)), short=short_line(scale, result, language),
    )  # fmt: skip


def short_line(scale: Scale, result: Mapping[str, Any], language: str) -> ShortLine | None:
    """Return what is known of a scale that was asked by adapting; None of one that was asked whole."""
    short = result.get("short")
    if short is None:
        return None
    subscale = scale.subscale(short["score"])
    asked, of, title = len(short["asked"]), len(scale.items), subscale.title.in_language(language)
    if "value" not in short:
        return ShortLine(asked, of, title, is_known=False)
    titles = {band.code: band.title.in_language(language) for norm in subscale.band_sets for band in norm.bands}
    shares = [(titles[code], round(100 * chance)) for code, chance in short["bands"]]
    return ShortLine(
        asked, of, title, is_known=True, is_exact=short["is_exact"], error=f"{short['sd']:.2f}",
        is_precise=short["stopped_by"] == "precise", value=f"{short['value']:.1f}",
        low=number_text(short["low"]), high=number_text(short["high"]), reaches=short["reaches"],
        chance=100 if short["stopped_by"] in ("certain", "all") else floor(100 * short["chance"] + ROUNDING),
        bands=tuple(sorted((each for each in shares if each[1]), key=lambda each: -each[1])),
    )  # fmt: skip


def score_lines(scale: Scale, result: Mapping[str, Any], language: str) -> list[ScoreLine]:
    """Return the scores of a result in the scale's order, with their bands."""
    return [
        _score_line(subscale, result["scores"][subscale.id], result["bands"].get(subscale.id, ""), language)
        for subscale in scale.subscales
        if subscale.id in result["scores"]
    ]


def _score_line(subscale: Subscale, score: float, code: str, language: str) -> ScoreLine:
    title, step, steps, is_confirmed = "", 0, 0, True
    for norm in subscale.band_sets:
        codes = [band.code for band in norm.bands]
        if code in codes:
            band = norm.bands[codes.index(code)]
            place = codes.index(code)
            step = len(codes) - place if subscale.higher_means == "better" else place + 1
            title, steps, is_confirmed = band.title.in_language(language), len(codes), band.confirmed
            break
    return ScoreLine(
        subscale.id, subscale.title.in_language(language), number_text(score), title, step, steps, is_confirmed
    )


def _flags(scale: Scale, result: Mapping[str, Any], language: str) -> Iterable[FlagLine]:
    for flag in scale.flags:
        if flag.id in result["flags"]:
            accuracy = accuracy_of(scale.id, flag.id)
            yield FlagLine(
                flag.title.in_language(language), false_alarms_in_100(accuracy) if accuracy else None,
                accuracy.source if accuracy else "",
            )  # fmt: skip


def _items(scale: Scale, packed: bytes, result: Mapping[str, Any], language: str) -> Iterable[ItemLine]:
    asked = result["short"]["asked"] if "short" in result else [item.number for item in scale.items]
    for item, answer in zip(scale.items, unpack_answers(packed, len(scale.items)), strict=True):
        label = next((o.label.in_language(language) for o in item.options if o.code == answer and o.label), "")
        yield ItemLine(
            number=item.number, text=item.text.in_language(language) if item.text else "",
            answer=label or ("" if answer is None else str(answer)), is_critical=item.number in result["critical"],
            is_missing=answer is None, is_asked=item.number in asked,
        )  # fmt: skip
