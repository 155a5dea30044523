"""What a school may say of an ended screening without names: counts whose small cells are hidden.

Results are opened to be counted and leave as numbers only; the reading leaves an event.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from xinqiao.care.alerts.models import Interview, Signal
from xinqiao.care.alerts.states import Outcome, SignalState, TalkKind
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.screening.forecast import accuracy_of, false_alarms_in_100
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import classes_reached, day_of, scales_of, title_of
from xinqiao.care.screening.selectors.coverage import CampaignCoverage, campaign_coverage
from xinqiao.care.screening.selectors.distribution import Distribution, distribution_of, score_choices
from xinqiao.care.screening.selectors.sheets import OpenSheet, open_sheets
from xinqiao.care.sheets.models import AnswerSheet, Sitting
from xinqiao.engines.disclosure import Group, Protected, protected
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.handfuls import SMALLEST_CELL
from xinqiao.register.deadlines.kinds import GATE, SEEN
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.orgs.models import Unit

_REASON = "counted for a summary without names; small cells are hidden"
# What became of a pupil, the most that was decided first; `undecided` was talked to, `waiting` was not.
SETTLED = (Outcome.CASE, Outcome.KNOWN, Outcome.WATCH, Outcome.NOTHING)
UNDECIDED, WAITING = "undecided", "waiting"
STANDINGS: tuple[str, ...] = (*SETTLED, UNDECIDED, WAITING)


@dataclass(frozen=True)
class ScaleSummary:
    """One scale. `by_grade` holds the bands of its widest score, the harmless first (`bands`), and where some sheets
    lie in no band those as the last column (`has_beside`); None where too few answered. `raised` lists each banded
    score with those above the harmless band (None: a handful) and all sheets.

    Sheets without a band are a column and no silent rest: the rest could be found by taking the table from all sheets.
    """

    code: str
    title: str
    score: str
    bands: tuple[str, ...]
    has_beside: bool
    by_grade: Protected | None
    raised: tuple[tuple[str, int | None, int], ...]
    doubtful: int | None
    sheets: int
    false_alarms: int | None
    source: str
    short: int | None  # sheets asked by adapting, in no table; None: a handful, or all but a handful


@dataclass(frozen=True)
class Talks:
    """What came of it: `pupils` whom somebody should talk to (None: a handful), what became of them by outcome
    (`waiting` among them; None: too few to take apart), and how many talks were due and held in time."""

    pupils: int | None
    outcomes: Protected | None
    due: int | None
    in_time: int | None


@dataclass(frozen=True)
class SchoolSummary:
    """All numbers of one ended screening."""

    coverage: CampaignCoverage
    scales: tuple[ScaleSummary, ...]
    talks: Talks
    pupils: int


def summary_of(actor: Actor, campaign: Campaign, now: dt.datetime, on: dt.date) -> SchoolSummary:
    """Return the numbers of a campaign; the reader's right at the school was checked by whoever calls. One event."""
    sheets, classes, on = _latest_sheets(campaign), classes_reached(campaign), day_of(campaign, on)
    pupils = len({sheet.student_id for sheet in sheets})
    note_reading(
        actor, "screening.summary.read", subject_kind="campaign", subject_id=campaign.id, place=campaign.place,
        county_id=campaign.county_id, facts={"pupils": pupils},
    )  # fmt: skip
    return SchoolSummary(
        coverage=campaign_coverage(campaign, on, classes),
        scales=tuple(_scale_summary(version, sheets, classes, on) for version in scales_of(campaign)),
        talks=_talks(campaign, pupils, now), pupils=pupils,
    )  # fmt: skip


def _latest_sheets(campaign: Campaign) -> list[OpenSheet]:
    rows = AnswerSheet.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    latest: dict[tuple[UUID, str], OpenSheet] = {}
    for sheet in open_sheets(list(rows.select_related("sitting").order_by("sitting__round", "id"))):
        latest[sheet.student_id, sheet.scale_code] = sheet
    return list(latest.values())


def _scale_summary(
    version: ScaleVersion, sheets: Sequence[OpenSheet], classes: Sequence[Unit], on: dt.date
) -> ScaleSummary:
    own = [sheet for sheet in sheets if sheet.scale_code == version.code]
    scores = {key: shown for key in _keys(own) if (shown := distribution_of(own, classes, key, on))}
    widest = scores.get(f"{version.code}.{_widest(version)}")
    has_beside = widest is not None and any(widest.beside)
    by_grade = protected(_groups(widest), SMALLEST_CELL) if widest else None
    is_rest_hidden = has_beside and by_grade is not None and by_grade.sums[-1] is None
    doubtful = None if is_rest_hidden else _unless_few(sum(sheet.is_doubtful for sheet in own), len(own))
    accuracy = accuracy_of(version.code)
    return ScaleSummary(
        code=version.code, title=title_of(version), score=widest.choice.title if widest else "",
        bands=tuple(title for _code, title in widest.bands) if widest else (),
        has_beside=has_beside, by_grade=by_grade,
        raised=tuple(
            _raised(shown, by_grade if shown is widest else None, is_rest_hidden=is_rest_hidden)
            for key, shown in scores.items() if not _is_judge(version, key)
        ),
        doubtful=doubtful, sheets=len(own), short=_short(own, widest, is_rest_hidden=is_rest_hidden),
        false_alarms=false_alarms_in_100(accuracy) if accuracy else None, source=accuracy.source if accuracy else "",
    )  # fmt: skip


def _keys(own: Sequence[OpenSheet]) -> list[str]:
    return [choice.key for choice in score_choices(own)]


def _widest(version: ScaleVersion) -> str:
    """The banded score that rests on most items."""
    banded = [subscale for subscale in scale_of(version).subscales if subscale.band_sets]
    return max(banded, key=lambda subscale: len(subscale.items)).id if banded else ""


def _is_judge(version: ScaleVersion, key: str) -> bool:
    """Does a score only say whether the sheet can be believed? Then it is nothing to look for in pupils."""
    return any(key == f"{version.code}.{rule.when.subscale}" for rule in scale_of(version).validity)


def _groups(shown: Distribution) -> list[Group]:
    if not any(shown.beside):
        return [Group((label,), counts) for label, counts in shown.by_grade]
    rows = zip(shown.by_grade, shown.beside, strict=True)
    return [Group((label,), (*counts, beside)) for (label, counts), beside in rows]


def _raised(
    shown: Distribution, table: Protected | None, *, is_rest_hidden: bool
) -> tuple[str, int | None, int]:  # fmt: skip
    """Those above the lowest band, unless the table beside it hides how many are in the lowest or in none."""
    above = sum(sum(counts[1:]) for _label, counts in shown.by_grade)
    is_hidden = table is not None and (table.sums[0] is None or is_rest_hidden)
    everybody = above + sum(counts[0] for _label, counts in shown.by_grade) + sum(shown.beside)
    return shown.choice.title, None if is_hidden else _unless_few(above, everybody), everybody


def _short(own: Sequence[OpenSheet], widest: Distribution | None, *, is_rest_hidden: bool) -> int | None:
    """Sheets asked by adapting, unless that count tells a handful of them or of the others without a band."""
    short = sum(sheet.is_short for sheet in own)
    beside = sum(widest.beside) if widest else short
    if short and (is_rest_hidden or _unless_few(short, max(beside, short)) is None):
        return None
    return _unless_few(short, len(own))


def _unless_few(part: int, whole: int) -> int | None:
    """A count, None where it or what it leaves of the whole is a handful."""
    is_few = 0 < part < SMALLEST_CELL or 0 < whole - part < SMALLEST_CELL
    return None if is_few else part


def _talks(campaign: Campaign, pupils: int, now: dt.datetime) -> Talks:
    signals = list(_signals(campaign))
    counted = Counter(_standings(signals).values())
    group = Group(("",), tuple(counted[word] for word in STANDINGS))
    due, in_time = _clocks([signal.pk for signal in signals], now)
    has_few = _unless_few(in_time, due) is None or due < SMALLEST_CELL
    shown = _unless_few(counted.total(), pupils)
    return Talks(
        pupils=shown, outcomes=None if shown is None else protected([group], SMALLEST_CELL),
        due=None if has_few else due, in_time=None if has_few else in_time,
    )  # fmt: skip


def _standings(signals: Sequence[Signal]) -> dict[UUID, str]:
    """What became of each pupil: the most that was decided, unless one of their signals is still open."""
    own: dict[UUID, list[Signal]] = {}
    for signal in signals:
        own.setdefault(signal.student_id, []).append(signal)
    held = Interview.objects.for_system(reason=_REASON).filter(signal_id__in=[signal.pk for signal in signals])
    held = held.exclude(kind=TalkKind.PAPER)  # nobody was talked to
    talked = set(held.values_list("student_id", flat=True))
    return {student_id: _standing(each, was_talked_to=student_id in talked) for student_id, each in own.items()}


def _standing(signals: Sequence[Signal], *, was_talked_to: bool) -> str:
    if any(signal.state != SignalState.CLOSED for signal in signals):
        return UNDECIDED if was_talked_to else WAITING
    return min((signal.outcome for signal in signals), key=STANDINGS.index)


def _signals(campaign: Campaign) -> "QuerySet[Signal]":
    sittings = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    rows: QuerySet[Signal] = Signal.objects.for_system(reason=_REASON).filter(
        origin_kind="sitting", origin_id__in=sittings.values("pk")
    )
    return rows


def _clocks(signal_ids: Sequence[UUID], now: dt.datetime) -> tuple[int, int]:
    """How many talks had to be held by now, and how many of them were held in time."""
    rows = Deadline.objects.for_system(reason=_REASON).filter(
        Q(met_at__isnull=False) | Q(due_at__lte=now),
        kind__in=(SEEN, GATE),
        subject_id__in=signal_ids,
        cancelled_at__isnull=True,
    )
    due: int = rows.count()
    in_time: int = rows.filter(met_at__lte=F("due_at")).count()
    return due, in_time
