"""How waiting ends, and its clock: bodies of the commands, jobs and listeners of the waiting list."""

from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.selectors.attention import levels_of
from xinqiao.care.centre.models import Booking, Waiting
from xinqiao.care.centre.rows import every_waiting
from xinqiao.care.centre.states import WAITING_MOVES, WaitingState
from xinqiao.foundation.access.moves import sources_among
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import now
from xinqiao.register.deadlines.kinds import WAITING_HOUR
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline, start_deadline
from xinqiao.register.policy.selectors import parameters_for

KIND = "waiting"
PLAIN = "yellow"  # the urgency of a clock about a pupil without a level that hastens it


def start_clock(row: Waiting) -> None:
    """Let the clock of an entry run from when the pupil began to wait, by the pupil's level now; body of commands."""
    level = levels_of([row.student_id]).get(row.student_id, ("", ""))[0]
    parameters = parameters_for(row.student.place, timezone.localtime(row.since).date())
    asked = parameters.centre
    start_deadline(
        WAITING_HOUR, subject_kind=KIND, subject_id=row.id, place=row.student.place, county_id=row.county_id,
        urgency=level if level in asked.missed_urgent_levels else PLAIN, parameters=parameters, began_at=row.since,
        within=asked.waiting_rule(level),
    )  # fmt: skip


def waiting_of(student_id: UUID) -> Waiting | None:
    """Return the entry of a pupil who waits now, locked."""
    rows = every_waiting().select_for_update(of=("self",)).select_related("student")
    found: Waiting | None = rows.filter(student_id=student_id, state=WaitingState.WAITING).first()
    return found


def give(booking: Booking, *, by: UUID) -> None:
    """Take the pupil of a new booking off the waiting list, if the pupil waits; body of what books."""
    row = waiting_of(booking.student_id)
    if row is not None and end(row, WaitingState.GIVEN, by=by, booking_id=booking.id):
        meet_deadline(WAITING_HOUR, row.id, at=now(), by=by)
        record_waiting("centre.waiting.given", row, booking=str(booking.id))


def leave_behind(row: Waiting, *, by: UUID) -> None:
    """End the waiting of a pupil who left the school."""
    if end(row, WaitingState.GONE, by=by):
        cancel_deadlines(row.id, at=now(), reason="left_school", kind=WAITING_HOUR)
        record_waiting("centre.waiting.gone", row)


def end(row: Waiting, target: WaitingState, *, by: UUID, booking_id: UUID | None = None) -> bool:
    """A conditional update: of two who act at once one wins; whether this one did."""
    rows = every_waiting().filter(pk=row.pk, state__in=sources_among(WAITING_MOVES, target))
    return bool(rows.update(state=target, ended_at=now(), ended_by=by, booking_id=booking_id))


def record_waiting(event: str, row: Waiting, **facts: str | int) -> None:
    """Record what happened to an entry, with its id."""
    record(event, subject_kind="student", subject_id=row.student_id, place=row.student.place, county_id=row.county_id,
           facts={"waiting": str(row.id), **facts})  # fmt: skip
