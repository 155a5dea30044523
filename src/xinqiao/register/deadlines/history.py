"""Every minute of the clocks of one subject, in order: began, who was told, climbed, stood still, met."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.deadlines.models import ClockMoment, ClockPause, Deadline, Happening

# What stands in the clock or its pauses, besides the happenings that have rows of their own.
BEGAN, DUE, PAUSED, RESUMED, MET, CANCELLED = "began", "due", "paused", "resumed", "met", "cancelled"
ORDER = (
    BEGAN, Happening.REDATED.value, PAUSED, RESUMED, DUE, Happening.CLIMBED.value, Happening.SKIPPED.value,
    Happening.TOLD.value, MET, CANCELLED,
)  # fmt: skip


@dataclass(frozen=True)
class ClockEntry:
    """One thing that happened to one clock. `people` were told, by the word of the ladder; `by` did it.

    `until` is when the clock was due then: of one that began its first date, of one brought forward the new one.
    """

    at: dt.datetime
    what: str
    kind: str
    urgency: str
    rung: int = 0
    until: dt.datetime | None = None
    by: UUID | None = None
    people: tuple[tuple[UUID, str], ...] = ()
    detail: str = ""
    note: str = ""
    is_late: bool = False


def clock_history(subject_id: UUID, now: dt.datetime) -> list[ClockEntry]:
    """Return what happened to the clocks of a subject that the caller may see, the earliest first."""
    clocks = list(
        Deadline.objects.for_system(reason="the subject was fetched for the actor").filter(subject_id=subject_id)
    )
    moments = ClockMoment.objects.for_system(reason="the subject was fetched for the actor").filter(
        deadline__in=[clock.pk for clock in clocks]
    )
    pauses = list(
        ClockPause.objects.for_system(reason="the subject was fetched for the actor").filter(
            deadline__in=[clock.pk for clock in clocks]
        )
    )
    by_id = {clock.pk: clock for clock in clocks}
    entries = [
        *(entry for clock in clocks for entry in _of_clock(clock, now)),
        *(_of_moment(moment, by_id[moment.deadline_id]) for moment in moments),
        *_of_pauses(pauses, by_id),
    ]
    return sorted(entries, key=lambda entry: (entry.at, ORDER.index(entry.what), entry.rung, entry.kind))


def _of_clock(clock: Deadline, now: dt.datetime) -> list[ClockEntry]:
    kind, urgency = clock.kind, clock.urgency
    found = [ClockEntry(clock.began_at, BEGAN, kind, urgency, until=clock.original_due_at)]
    ended_at = clock.met_at or clock.cancelled_at
    if clock.due_at <= (ended_at or now) and not clock.paused_at and clock.met_at != clock.due_at:
        found.append(ClockEntry(clock.due_at, DUE, kind, urgency, is_late=True))
    if clock.met_at:
        is_late = clock.met_at > clock.due_at
        found.append(ClockEntry(clock.met_at, MET, kind, urgency, by=clock.met_by, is_late=is_late))
    if clock.cancelled_at:
        found.append(ClockEntry(clock.cancelled_at, CANCELLED, kind, urgency, detail=clock.cancel_reason))
    return found


def _of_moment(moment: ClockMoment, clock: Deadline) -> ClockEntry:
    people = tuple((UUID(staff_id), word) for staff_id, word in json.loads(moment.people))
    return ClockEntry(
        moment.at, moment.what, clock.kind, clock.urgency, rung=moment.rung, until=moment.to_at, people=people,
        detail=moment.detail,
    )  # fmt: skip


def _of_pauses(pauses: Sequence[ClockPause], clocks: dict[UUID, Deadline]) -> list[ClockEntry]:
    found = []
    for pause, opened in zip(pauses, open_sealed(pauses, "note"), strict=True):
        kind, urgency = clocks[pause.deadline_id].kind, clocks[pause.deadline_id].urgency
        found.append(
            ClockEntry(
                pause.paused_at, PAUSED, kind, urgency, by=pause.paused_by, detail=pause.reason,
                note=opened["note"] or "",
            )
        )  # fmt: skip
        if pause.resumed_at:
            found.append(ClockEntry(pause.resumed_at, RESUMED, kind, urgency, by=pause.resumed_by))
    return found
