"""Reads of clocks, for pages that have already found what they are about."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from xinqiao.engines.schedule import minutes_left
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.deadlines.services.clocks import open_clocks


@dataclass(frozen=True)
class ClockRow:
    """One running clock as a page shows it."""

    kind: str
    subject_id: UUID
    due_at: dt.datetime
    minutes_left: int
    rung: int
    is_redated: bool
    id: UUID | None = None
    urgency: str = ""
    is_paused: bool = False


def running_clocks(subject_ids: Iterable[UUID], now: dt.datetime) -> dict[UUID, list[ClockRow]]:
    """Return the running clocks of subjects that the caller may see, soonest first."""
    found: dict[UUID, list[ClockRow]] = {}
    for clock in open_clocks().filter(subject_id__in=list(subject_ids)).order_by("due_at"):
        found.setdefault(clock.subject_id, []).append(_row(clock, now))
    return found


def _row(clock: Deadline, now: dt.datetime) -> ClockRow:
    return ClockRow(
        kind=clock.kind, subject_id=clock.subject_id, due_at=clock.due_at, rung=clock.rung,
        minutes_left=minutes_left(clock.due_at, clock.paused_at or now), id=clock.id, urgency=clock.urgency,
        is_redated=clock.due_at != clock.original_due_at, is_paused=clock.paused_at is not None,
    )  # fmt: skip
