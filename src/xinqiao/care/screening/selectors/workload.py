"""How a running campaign's queue stands: flags expected and raised, talks held, who waits, and for how long.

Numbers by class, named nowhere; for those who may read results.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.states import SignalState
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.selectors.campaigns import classes_of
from xinqiao.care.screening.selectors.class_days import Window, class_windows, remaining_days
from xinqiao.care.screening.selectors.outlook import Outlook, outlook_of
from xinqiao.care.screening.selectors.progress import ClassProgress, progress_of
from xinqiao.care.sheets.models import Sitting
from xinqiao.engines.capacity import days_to_wait, days_until_clear
from xinqiao.foundation.core.places import within
from xinqiao.register.orgs.models import Unit
from xinqiao.register.policy.calendar import calendar_for

_REASON = "counted by class for a reader who may read the results of the whole school"


@dataclass(frozen=True)
class ClassLoadRow:
    """One class: pupils flagged so far, of them those talked to and those who wait."""

    class_id: UUID
    name: str
    window: Window | None
    invited: int
    answered: int
    expected: float | None
    flagged: int
    talked: int

    @property
    def waiting(self) -> int:
        """Flagged, and nobody has settled it yet."""
        return self.flagged - self.talked


@dataclass(frozen=True)
class Workload:
    """The whole picture. `elsewhere` counts pupils of the school who wait for another reason than this screening.

    `later` is by how many school days the classes to come should sit later; 0 where all is within capacity.
    """

    rows: tuple[ClassLoadRow, ...]
    outlook: Outlook
    elsewhere: int
    next_day: dt.date | None
    later: int

    @property
    def flagged(self) -> int:
        """Pupils flagged so far."""
        return sum(row.flagged for row in self.rows)

    @property
    def talked(self) -> int:
        """Pupils talked to so far."""
        return sum(row.talked for row in self.rows)

    @property
    def waiting(self) -> int:
        """Pupils of this screening who wait."""
        return self.flagged - self.talked

    @property
    def expected(self) -> float | None:
        """Flags to expect of those who have handed in so far; None where nothing is known."""
        known = [row.expected * row.answered / row.invited for row in self.rows if row.expected and row.invited]
        return sum(known) if self.outlook.flags is not None else None

    @property
    def days(self) -> int | None:
        """School days until nobody waits, at the school's capacity; None where nobody can talk."""
        return days_until_clear(self.waiting + self.elsewhere, self.outlook.talks_a_day)


def workload_of(campaign: Campaign, school: Unit, now: dt.datetime) -> Workload:
    """Return how the queue of a running campaign stands."""
    on = timezone.localtime(now).date()
    classes = classes_of(campaign)
    progress = {row.class_id: row for row in progress_of(campaign, classes, on)}
    outlook = outlook_of(campaign, school, {class_id: row.invited for class_id, row in progress.items()}, now)
    flagged, waiting = _pupils_by_class(campaign)
    rows = _rows(campaign, progress, outlook, flagged, waiting)
    elsewhere = _waiting_elsewhere(school, set().union(*waiting.values()) if waiting else set())
    next_day, later = _advice(campaign, school, rows, sum(row.waiting for row in rows) + elsewhere, outlook, now)
    return Workload(tuple(rows), outlook, elsewhere, next_day, later)


def _rows(
    campaign: Campaign, progress: Mapping[UUID, ClassProgress], outlook: Outlook, flagged: Mapping[UUID, set[UUID]],
    waiting: Mapping[UUID, set[UUID]],
) -> list[ClassLoadRow]:  # fmt: skip
    windows = class_windows(campaign)
    return [
        ClassLoadRow(
            class_id=row.class_id, name=row.name, window=windows.get(row.class_id), invited=row.pupils,
            answered=progress[row.class_id].answered, expected=row.flags, flagged=len(flagged.get(row.class_id, ())),
            talked=len(flagged.get(row.class_id, set()) - waiting.get(row.class_id, set())),
        )
        for row in outlook.rows
    ]  # fmt: skip


def _pupils_by_class(campaign: Campaign) -> tuple[dict[UUID, set[UUID]], dict[UUID, set[UUID]]]:
    """Return who was flagged, and of them who still waits, by class; a pupil with two signals waits for both."""
    sittings = Sitting.objects.for_system(reason=_REASON).filter(origin_id=campaign.id)
    class_of = dict(sittings.values_list("pk", "class_id"))
    signals = Signal.objects.for_system(reason=_REASON).filter(
        origin_kind="sitting", origin_id__in=sittings.values("pk")
    )
    flagged: dict[UUID, set[UUID]] = defaultdict(set)
    waiting: dict[UUID, set[UUID]] = defaultdict(set)
    for sitting_id, student_id, state in signals.values_list("origin_id", "student_id", "state"):
        flagged[class_of[sitting_id]].add(student_id)
        if state != SignalState.CLOSED:
            waiting[class_of[sitting_id]].add(student_id)
    return flagged, waiting


def _waiting_elsewhere(school: Unit, counted: set[UUID]) -> int:
    open_ones = Signal.objects.for_system(reason=_REASON).filter(within([school.path], "student__place"))
    ids = set(open_ones.exclude(state=SignalState.CLOSED).values_list("student_id", flat=True))
    return len(ids - counted)


def _advice(
    campaign: Campaign, school: Unit, rows: Sequence[ClassLoadRow], waiting: int, outlook: Outlook, now: dt.datetime
) -> tuple[dt.date | None, int]:
    """Return the day of the next classes that have not begun, and by how many days they should sit later."""
    remaining = remaining_days(campaign, now)
    if not remaining:
        return None, 0
    on, next_day = timezone.localtime(now).date(), min(remaining.values())
    expected = {row.class_id: row.expected or 0.0 for row in rows}
    flags = sum(expected[class_id] for class_id, day in remaining.items() if day == next_day)
    calendar = calendar_for(school.path, range(on.year, next_day.year + 1)).calendar
    before = sum(calendar.is_school_day(on + dt.timedelta(days=n)) for n in range((next_day - on).days))
    return next_day, days_to_wait(waiting, flags, before, outlook.talks_a_day)
