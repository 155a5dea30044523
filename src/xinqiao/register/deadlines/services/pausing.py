"""A clock that stands still, and goes on with what it had left. Private bodies; the command records what happened."""

import datetime as dt
from uuid import UUID

from xinqiao.engines.schedule import add_school_days, school_days_between
from xinqiao.register.deadlines.kinds import running_from
from xinqiao.register.deadlines.models import ClockPause, Deadline
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.policy.calendar import calendar_for, zone


def pause_clock(
    clock: Deadline, *, at: dt.datetime, by: UUID, reason: str, note: str, key_id: UUID
) -> ClockPause | None:
    """Let a running clock stand still; None if it runs no more or stands already. It does not climb meanwhile."""
    if not open_clocks().filter(pk=clock.pk, paused_at__isnull=True).update(paused_at=at, next_climb_at=None):
        return None
    pause = ClockPause(
        county_id=clock.county_id, place=clock.place, deadline=clock, key_id=key_id, paused_at=at, paused_by=by,
        reason=reason, note=note.strip() or None, left_seconds=_seconds(at, clock.due_at),
        left_school_days=_school_days_left(clock, at), climb_left_seconds=_seconds(at, clock.next_climb_at),
    )  # fmt: skip
    pause.save(force_insert=True)
    return pause


def resume_clock(clock: Deadline, *, at: dt.datetime, by: UUID | None) -> dt.datetime | None:
    """Let a clock go on with what it had left; return when it is due now, or None if it did not stand still."""
    pauses = ClockPause.objects.for_system(reason="body of a command")
    pause = pauses.filter(deadline=clock, resumed_at__isnull=True).first()
    if pause is None:
        return None
    due = _due_after(clock, pause, at)
    climb_at = due if clock.rung == 0 and due > at else at + dt.timedelta(seconds=pause.climb_left_seconds)
    stood = clock.paused_seconds + _seconds(pause.paused_at, at)
    rows = open_clocks().filter(pk=clock.pk, paused_at__isnull=False)
    if not rows.update(paused_at=None, paused_seconds=stood, due_at=due, next_climb_at=climb_at):
        return None
    pauses.filter(pk=pause.pk).update(resumed_at=at, resumed_by=by)
    return due


def _seconds(start: dt.datetime, end: dt.datetime | None) -> int:
    return max(0, int((end - start).total_seconds())) if end else 0


def _school_days_left(clock: Deadline, at: dt.datetime) -> int | None:
    if running_from(clock.parameters).within.kind != "school_days" or clock.due_at <= at:
        return None
    first, last = at.astimezone(zone()).date(), clock.due_at.astimezone(zone()).date()
    calendar = calendar_for(clock.place, range(first.year, last.year + 1)).calendar
    return school_days_between(first, last, calendar)


def _due_after(clock: Deadline, pause: ClockPause, at: dt.datetime) -> dt.datetime:
    """A clock that was overdue stays so; one that counts school days gets back those it had left."""
    if not pause.left_seconds:
        return clock.due_at
    if pause.left_school_days is None:
        return at + dt.timedelta(seconds=pause.left_seconds)
    year = at.astimezone(zone()).year
    calendar = calendar_for(clock.place, (year, year + 1)).calendar
    return add_school_days(at, pause.left_school_days, calendar, zone())
