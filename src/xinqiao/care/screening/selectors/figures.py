"""Figures about the scales of a campaign: how scores lie, how reliable they are, what each item does, who answered how.

It loads scipy: import it where a page or a job needs it, not with the server.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import get_language

from xinqiao.care.screening.forecast import accuracy_of, false_alarms_in_100
from xinqiao.care.screening.selectors.answers import RawSheet, Score, scores_in
from xinqiao.engines.psychometrics import (
    Column,
    ItemFigures,
    ItemTable,
    Reliability,
    Spread,
    columns_of,
    item_figures,
    reliability_of,
    spread_of,
    table_of,
)
from xinqiao.engines.scoring import MISSING
from xinqiao.foundation.core.handfuls import SMALLEST_CELL

# Signs of answering without reading, and the measurement without which a sheet cannot show one.
SIGNS = {"too_fast": "seconds_per_item", "longstring": "longstring", "even_odd": "even_odd"}


@dataclass(frozen=True)
class ScoreFigures:
    """One score over all sheets that count. `reliability` is None where `why_not` says why: no_sum, few."""

    score: Score
    used: int
    short: int  # asked by adapting: no score of everybody's questions
    void: int
    not_scored: int
    complete: int
    spread: Spread | None
    reliability: Reliability | None
    why_not: str = ""

    @property
    def sem(self) -> float | None:
        """The standard error of measurement in the unit of the score."""
        sem = self.reliability.sem if self.reliability else None
        return None if sem is None else sem * self.score.unit


@dataclass(frozen=True)
class ItemRow:
    """What one item does, with its wording where that may be shown."""

    number: str
    text: str
    figures: ItemFigures


@dataclass(frozen=True)
class FlagRow:
    """How many sheets a published rule flags; of a hundred such flags, how many are expected to be false alarms."""

    scale: str
    title: str
    flagged: int
    sheets: int
    share: float
    false_alarms: int | None
    source: str


@dataclass(frozen=True)
class CareRow:
    """How the sheets of one scale were answered. `signs` are (code, sheets); one sheet may show several, and a sign
    that this scale cannot show is left out.
    """

    scale: str
    sheets: int
    signs: tuple[tuple[str, int], ...]
    again: int
    void: int
    not_scored: int


@dataclass(frozen=True)
class CampaignFigures:
    """All scores, and the one that was chosen in detail."""

    scores: tuple[ScoreFigures, ...]
    chosen: ScoreFigures
    columns: tuple[Column, ...]
    items: tuple[ItemRow, ...]
    flags: tuple[FlagRow, ...]
    care: tuple[CareRow, ...]


def figures_of(sheets: Sequence[RawSheet], key: str, *, least: int) -> CampaignFigures | None:
    """Return the figures of opened sheets, None where there are none; `least` complete sheets tell a reliability."""
    every = [score_figures(score, sheets, least=least) for score in scores_in(sheets)]
    chosen = next((each for each in every if each.score.key == key), every[0] if every else None)
    if chosen is None:
        return None
    columns = columns_of(scores_on(chosen.score, sheets)) if chosen.spread else ()
    return CampaignFigures(
        scores=tuple(every), chosen=chosen, columns=columns,
        items=tuple(_item_rows(chosen, sheets)), flags=tuple(_flag_rows(every, sheets)),
        care=tuple(_care_rows(every, sheets)),
    )  # fmt: skip


def score_figures(score: Score, sheets: Sequence[RawSheet], *, least: int) -> ScoreFigures:
    """Return the figures of one score."""
    own = [sheet for sheet in sheets if sheet.scale_id == score.scale_id]
    values = scores_on(score, sheets)
    found = reliability_of(item_table(score, sheets)) if score.is_sum and values else None
    is_enough = found is not None and found.complete >= least
    return ScoreFigures(
        score=score, used=len(values), short=sum(sheet.is_short for sheet in own),
        void=sum(not sheet.result["valid"] for sheet in own if not _faulty(sheet)),
        not_scored=sum(_faulty(sheet) for sheet in own), complete=found.complete if found else 0,
        spread=spread_of(values) if len(values) >= SMALLEST_CELL else None,
        reliability=found if is_enough else None,
        why_not="" if is_enough else "few" if score.is_sum else "no_sum",
    )  # fmt: skip


def _faulty(sheet: RawSheet) -> bool:
    return bool(sheet.result["faults"])


def counted(score: Score, sheets: Sequence[RawSheet]) -> list[RawSheet]:
    """Return the sheets of a score's scale that count."""
    return [sheet for sheet in sheets if sheet.scale_id == score.scale_id and sheet.is_scored]


def scores_on(score: Score, sheets: Sequence[RawSheet]) -> list[float]:
    """Return the scores of the sheets that count."""
    return [float(sheet.result["scores"][score.subscale.id]) for sheet in counted(score, sheets)]


def item_table(score: Score, sheets: Sequence[RawSheet]) -> ItemTable:
    """Return the answers to a score's items over the sheets that count, reversed items turned as the key says."""
    own, indices = counted(score, sheets), list(score.planned.indices)
    packed = np.frombuffer(b"".join(sheet.answers for sheet in own), dtype=np.uint8).reshape(len(own), -1)
    raw = packed[:, indices].astype(np.float64) if own else np.empty((0, len(indices)))
    raw[raw == MISSING] = np.nan
    mirrors = {indices.index(at): float(both) for at, both in score.planned.mirrors.items()}
    if score.planned.method == "count":
        raw, mirrors = np.where(np.isnan(raw), np.nan, raw >= score.planned.at_least), {}
    names = [str(score.scale.items[at].number) for at in indices]
    return table_of([str(sheet.student_id) for sheet in own], names, raw, mirrors)


def _item_rows(chosen: ScoreFigures, sheets: Sequence[RawSheet]) -> list[ItemRow]:
    if chosen.reliability is None:
        return []
    language = get_language() or "zh-hans"
    texts = {str(item.number): item.text for item in chosen.score.scale.items}
    return [
        ItemRow(found.item, text.in_language(language) if (text := texts[found.item]) else "", found)
        for found in item_figures(item_table(chosen.score, sheets))
    ]


def _first_of_each_scale(every: Sequence[ScoreFigures]) -> list[ScoreFigures]:
    return list({each.score.scale_id: each for each in reversed(every)}.values())[::-1]


def _flag_rows(every: Sequence[ScoreFigures], sheets: Sequence[RawSheet]) -> list[FlagRow]:
    language, rows = get_language() or "zh-hans", []
    for each in _first_of_each_scale(every):
        scale, own = each.score.scale, [sheet for sheet in sheets if _is_judged(each.score, sheet)]
        counts = Counter(flag for sheet in own for flag in sheet.result["flags"])
        for flag in scale.flags:
            accuracy = accuracy_of(scale.id, flag.id)
            rows.append(
                FlagRow(
                    scale.title.in_language(language), flag.title.in_language(language), counts[flag.id], len(own),
                    100 * counts[flag.id] / len(own) if own else 0.0,
                    false_alarms_in_100(accuracy) if accuracy else None, accuracy.source if accuracy else "",
                )
            )  # fmt: skip
    return rows


def _is_judged(score: Score, sheet: RawSheet) -> bool:
    """Do flags speak of this sheet? Also of one asked by adapting: the flag itself is what was decided there."""
    return sheet.scale_id == score.scale_id and bool(sheet.result["valid"]) and not _faulty(sheet)


def _care_rows(every: Sequence[ScoreFigures], sheets: Sequence[RawSheet]) -> list[CareRow]:
    rows = []
    for each in _first_of_each_scale(every):
        own = [sheet for sheet in sheets if sheet.scale_id == each.score.scale_id]
        counts = Counter(sign for sheet in own for sign in sheet.result["care"]["because"])
        rows.append(
            CareRow(
                each.score.scale.title.in_language(get_language() or "zh-hans"), len(own),
                tuple((sign, counts[sign]) for sign, measured in SIGNS.items() if _is_known(own, measured)),
                sum(bool(sheet.result["care"]["again"]) for sheet in own), each.void, each.not_scored,
            )
        )  # fmt: skip
    return rows


def _is_known(sheets: Sequence[RawSheet], measured: str) -> bool:
    return any(sheet.result["care"][measured] is not None for sheet in sheets)
