"""Rows of leaves, their story and their clocks, for private bodies of commands and for jobs."""

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from xinqiao.care.crisis.leave.states import SCHOOL_MOVES, LeaveState, LeaveStepKind
from xinqiao.care.crisis.models import Leave, LeaveStep
from xinqiao.foundation.audit.recording import record
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, start_deadline
from xinqiao.register.policy.calendar import clock_due_at, zone
from xinqiao.register.policy.selectors import parameters_for

_REASON = "body of a command or job, or a page whose reader was checked"
SUBJECT, STEP_CLOCK, LOOK_CLOCK, URGENCY = "leave", "leave", "return", "yellow"


# What belongs to the first decision on a return; noting the family's appeal does not.
RETURN_STEPS = tuple(
    kind.value for kind in (LeaveStepKind.PAPERS, LeaveStepKind.REVIEWED, LeaveStepKind.JOINT, LeaveStepKind.NOT_YET)
)


def every_leave() -> QuerySet[Leave]:
    """Return all leaves."""
    rows: QuerySet[Leave] = Leave.objects.for_system(reason=_REASON)
    return rows


def every_leave_step() -> QuerySet[LeaveStep]:
    """Return all steps of leaves."""
    rows: QuerySet[LeaveStep] = LeaveStep.objects.for_system(reason=_REASON)
    return rows


def write_leave_step(
    leave: Leave,
    kind: LeaveStepKind,
    *,
    at: dt.datetime,
    by: UUID | None,
    day: dt.date,
    people: str = "",
    words: str = "",
) -> None:
    """Add one dated thing to the story."""
    LeaveStep(
        county_id=leave.county_id, place=leave.place, leave=leave, key_id=leave.key_id, kind=kind, at=at, by=by,
        day=day, people=people.strip() or None, words=words.strip() or None,
    ).save(force_insert=True)  # fmt: skip


def record_leave(leave: Leave, event: str, **facts: object) -> None:
    """Leave an event about a leave."""
    record(event, subject_kind="student", subject_id=leave.student_id, place=leave.place, county_id=leave.county_id,
           facts={"leave": str(leave.id), **facts})  # fmt: skip


def turn_clock(leave: Leave, *, at: dt.datetime) -> None:
    """Wait for what comes next: the school's step, being in touch during the leave, or the next look."""
    cancel_deadlines(leave.id, at=at, reason="stepped")
    place, local = leave.student.place, timezone.localtime(at).date()
    parameters = parameters_for(place, local)
    kind, due_at = STEP_CLOCK, clock_due_at(parameters.leave.step_within, at, place)
    if leave.state == LeaveState.RETURNED and leave.look_on is not None:
        kind, due_at = LOOK_CLOCK, dt.datetime.combine(leave.look_on, dt.time(18), tzinfo=zone())
    elif leave.state in (LeaveState.ON_LEAVE, LeaveState.NOT_YET):
        due_at = clock_due_at(parameters.leave.contact_within, at, place)
    elif leave.state not in SCHOOL_MOVES:
        return
    start_deadline(
        kind, subject_kind=SUBJECT, subject_id=leave.id, place=place, county_id=leave.county_id, urgency=URGENCY,
        parameters=parameters, began_at=at, due_at=due_at,
    )  # fmt: skip


def who_took_part(leave: Leave) -> set[UUID]:
    """Return who noted or decided anything of this return, from its papers to the no."""
    since = every_leave_step().filter(leave=leave, kind=LeaveStepKind.PAPERS).order_by("-at", "-id").first()
    steps = every_leave_step().filter(leave=leave, kind__in=RETURN_STEPS)
    found = steps.filter(at__gte=since.at) if since else steps
    return {by for by in found.values_list("by", flat=True) if by}
