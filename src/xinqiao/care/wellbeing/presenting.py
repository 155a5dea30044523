"""What answers and a notebook say, in plain words. Nothing here diagnoses."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.care.scales.presenting import band_title, title_of
from xinqiao.care.wellbeing.selectors import KeptRow, OwnScale, Said
from xinqiao.engines.scoring import number_text
from xinqiao.engines.scoring.checks import score_range

DIRECTIONS = {"steady": "green", "watch": "info", "talk": "orange", "doctor": "orange"}


@dataclass(frozen=True)
class Outcome:
    """A result as its owner reads it; `tone` colours what `advice` says in words."""

    title: str
    score: str
    band: str
    advice: str
    tone: str
    cries: bool


@dataclass(frozen=True)
class Line:
    """One kept result in a list."""

    id: UUID
    at: dt.datetime
    score: str
    band: str


@dataclass(frozen=True)
class Course:
    """The kept results of one scale, the newest first; `values` are in the order of time, for the small curve."""

    title: str
    lines: tuple[Line, ...]
    values: tuple[float, ...]
    lowest: float
    highest: float
    change: str


def outcome_of(said: Said) -> Outcome:
    """Return what answers say, in words."""
    advice = said.own.rule.advice.get(said.band, "watch")
    return Outcome(
        title=title_of(said.own.version), score=score_words(said.own, said.score), band=band_words(said.own, said.band),
        advice=advice_words(advice), tone=DIRECTIONS[advice], cries=said.cries,
    )  # fmt: skip


def score_words(own: OwnScale, score: float) -> str:
    """Return a score with what there is to reach."""
    _low, high = score_range(own.scale, own.scale.subscales[0])
    return _("{score} of {highest}").format(score=number_text(score), highest=number_text(high))


def band_words(own: OwnScale, band: str) -> str:
    """Return what a band is called."""
    return band_title(own.scale.subscales[0], band)


def advice_words(code: str) -> str:
    """Return what follows for the one who answered."""
    words = {
        "steady": _("Nothing here points to more than everyday strain. Keep what does you good."),
        "watch": _("It has been heavier than usual. Guard your sleep and your breaks, and answer again in some weeks."),
        "talk": _("This is worth talking about: with someone you trust, a doctor, the help line. You need no reason."),
        "doctor": _(
            "Please do not carry this alone. The psychological clinic of a hospital can look at it with you; "
            "whether something needs treatment is said there, not here."
        ),
    }
    return words[code]


def courses_of(rows: Sequence[KeptRow]) -> list[Course]:
    """Return an opened notebook scale by scale, the one answered last first."""
    by_code: dict[str, list[KeptRow]] = {}
    for row in rows:
        by_code.setdefault(row.own.version.code, []).append(row)
    return [_course(group) for group in sorted(by_code.values(), key=lambda group: group[-1].kept.at, reverse=True)]


def _course(rows: Sequence[KeptRow]) -> Course:
    own = rows[-1].own
    low, high = score_range(own.scale, own.scale.subscales[0])
    return Course(
        title=title_of(own.version), values=tuple(row.kept.score for row in rows), lowest=low, highest=high,
        change=change_between(rows),
        lines=tuple(
            Line(row.id, row.kept.at, score_words(row.own, row.kept.score), band_words(row.own, row.kept.band))
            for row in reversed(rows)
        ),
    )  # fmt: skip


def change_between(rows: Sequence[KeptRow]) -> str:
    """Return whether the last two results differ by more than the scale's own error; "" where it is not known."""
    own = rows[-1].own
    least = own.rule.reliable_change
    if len(rows) < 2 or least is None:
        return ""
    moved = rows[-1].kept.score - rows[-2].kept.score
    if abs(moved) < least:
        return _("Since the time before: {points} points of difference. Below {least} points it may be chance.").format(
            points=number_text(abs(moved)), least=least
        )
    is_better = (moved > 0) == (own.scale.subscales[0].higher_means == "better")
    told = _("Since the time before: better by {points} points, more than chance explains (from {least} on).")
    if not is_better:
        told = _("Since the time before: worse by {points} points, more than chance explains (from {least} on).")
    return told.format(points=number_text(abs(moved)), least=least)
