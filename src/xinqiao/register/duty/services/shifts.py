"""Putting people on duty, one shift or many at once, and taking them off."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.selectors import candidates
from xinqiao.register.duty.writing import Span, keep_worked_part, standing, write_spans
from xinqiao.register.orgs.models import Unit

LONGEST_SHIFT = dt.timedelta(days=7)
MOST_SHIFTS_AT_ONCE = 400


class CannotAssign(ValueError):
    """The shift cannot be assigned. `code`: ends_before_start, too_long, in_the_past, cannot_acknowledge,
    own_substitute, no_days, too_many_shifts."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Weekly:
    """A pattern: on these weekdays (0 = Monday) from one local time to another, from a day to a day, both included.

    An end that is not later than the start lies on the next day.
    """

    weekdays: frozenset[int]
    start: dt.time
    end: dt.time
    first_on: dt.date
    last_on: dt.date

    def spans(self, zone: dt.tzinfo) -> list[tuple[dt.datetime, dt.datetime]]:
        """Return the shifts' beginnings and ends as aware moments."""
        days = (self.last_on - self.first_on).days + 1
        wanted = (self.first_on + dt.timedelta(days=ahead) for ahead in range(max(days, 0)))
        night = dt.timedelta(days=1 if self.end <= self.start else 0)
        return [
            (dt.datetime.combine(day, self.start, zone), dt.datetime.combine(day + night, self.end, zone))
            for day in wanted
            if day.weekday() in self.weekdays
        ]


@command(Permission.DUTY_EDIT)
def assign_shift(
    school: Unit,
    *,
    actor: Actor,
    staff_id: UUID,
    role: str,
    start_at: dt.datetime,
    end_at: dt.datetime,
    substitute_for: UUID | None = None,
) -> DutyShift | Unchanged:
    """Put someone on duty for [start_at, end_at). Raises CannotAssign. The same shift again changes nothing."""
    del actor
    _demand_candidates(school, staff_id, substitute_for)
    _demand_span(start_at, end_at)
    written = _write(school, staff_id, role, [(start_at, end_at)], substitute_for)
    if not written:
        return Unchanged("already_assigned")
    record(
        "duty.shift.assigned", subject_kind="staff", subject_id=staff_id, place=school.path, county_id=school.shard_id,
        facts={"role": role, "start_at": start_at.isoformat(), "end_at": end_at.isoformat(),
               "is_substitute": substitute_for is not None},
    )  # fmt: skip
    return written[0]


@command(Permission.DUTY_EDIT, is_batch=True)
def assign_week(
    school: Unit, *, actor: Actor, staff_id: UUID, role: str, pattern: Weekly
) -> list[DutyShift] | Unchanged:
    """Put someone on duty on the same weekdays until a day, in one step. Raises CannotAssign.

    Shifts that are over, or assigned already, are left out.
    """
    del actor
    _demand_candidates(school, staff_id, None)
    at = now()
    spans = [span for span in pattern.spans(timezone.get_default_timezone()) if span[1] > at]
    if not spans:
        raise CannotAssign("no_days")
    if len(spans) > MOST_SHIFTS_AT_ONCE:
        raise CannotAssign("too_many_shifts")
    written = _write(school, staff_id, role, spans, None)
    if not written:
        return Unchanged("already_assigned")
    record(
        "duty.shift.assigned_many", subject_kind="staff", subject_id=staff_id, place=school.path,
        county_id=school.shard_id,
        facts={"role": role, "count": len(written), "until": pattern.last_on.isoformat()},
    )  # fmt: skip
    return written


@command(Permission.DUTY_EDIT)
def cancel_shift(shift: DutyShift, *, actor: Actor) -> DutyShift | Unchanged:
    """Take someone off a shift that is not over."""
    del actor
    at = now()
    if shift.end_at <= at:
        return Unchanged("is_over")
    if not standing().filter(pk=shift.pk).update(cancelled_at=at):
        return Unchanged("already_cancelled")
    record(
        "duty.shift.cancelled", subject_kind="staff", subject_id=shift.staff_id, place=shift.place,
        county_id=shift.county_id, facts={"role": shift.role, "start_at": shift.start_at.isoformat()},
    )  # fmt: skip
    shift.cancelled_at = at
    return shift


@command(Permission.DUTY_EDIT)
def substitute_shift(shift: DutyShift, *, actor: Actor, staff_id: UUID) -> DutyShift | Unchanged:
    """Let someone else take a shift, or the rest of it if it has begun. Raises CannotAssign."""
    del actor
    at = now()
    if shift.end_at <= at:
        raise CannotAssign("in_the_past")
    school = Unit.objects.get(path=shift.place)
    _demand_candidates(school, staff_id, shift.staff_id)
    if not standing().filter(pk=shift.pk).update(cancelled_at=at):
        return Unchanged("already_cancelled")
    start_at = max(shift.start_at, at)
    if shift.start_at < at:
        keep_worked_part(shift, at)
    written = _write(school, staff_id, shift.role, [(start_at, shift.end_at)], shift.staff_id)
    record(
        "duty.shift.substituted", subject_kind="staff", subject_id=staff_id, place=shift.place,
        county_id=shift.county_id,
        facts={"role": shift.role, "start_at": start_at.isoformat(), "instead_of": str(shift.staff_id)},
    )  # fmt: skip
    return written[0] if written else Unchanged("already_assigned")


def _demand_candidates(school: Unit, staff_id: UUID, substitute_for: UUID | None) -> None:
    if staff_id == substitute_for:
        raise CannotAssign("own_substitute")
    if staff_id not in candidates(school.path, timezone.localtime(now()).date()):
        raise CannotAssign("cannot_acknowledge")


def _demand_span(start_at: dt.datetime, end_at: dt.datetime) -> None:
    if end_at <= start_at:
        raise CannotAssign("ends_before_start")
    if end_at - start_at > LONGEST_SHIFT:
        raise CannotAssign("too_long")
    if end_at <= now():
        raise CannotAssign("in_the_past")


def _write(
    school: Unit, staff_id: UUID, role: str, spans: Sequence[Span], substitute_for: UUID | None
) -> list[DutyShift]:
    return write_spans(
        school.path, school.shard_id, staff_id=staff_id, role=role, spans=spans, substitute_for=substitute_for
    )
