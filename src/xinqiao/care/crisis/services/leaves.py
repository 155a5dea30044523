"""Leave of absence and return: begun, led step by step, decided on, kept in touch with, looked after."""

from xinqiao.care.crisis.leave import rules
from xinqiao.care.crisis.leave.states import (
    AWAY,
    ENDED,
    SCHOOL_MOVES,
    LeaveState,
    LeaveStepKind,
    sources_of,
)
from xinqiao.care.crisis.leave_rows import every_leave, record_leave, turn_clock, who_took_part, write_leave_step
from xinqiao.care.crisis.models import Leave
from xinqiao.care.crisis.rows import every_running_case
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for


class CannotStep(ValueError):
    """A leave does not take it; `code` as in `leave.rules`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@command(Permission.LEAVE_EDIT)
def open_leave(student: Student, *, actor: Actor, step: rules.Step) -> Leave:
    """Note that a leave may be needed: the first of four steps. Raises CannotStep."""
    if student.status != StudentStatus.ACTIVE:
        raise CannotStep("left_school")
    if every_leave().filter(student=student).exclude(state__in=ENDED).exists():
        raise CannotStep("runs_already")
    _demand(rules.refusal_of_note(step, today()))
    leave = Leave(
        county_id=student.county_id, place=student.place, student=student, key_id=student.key_id,
        case=every_running_case().filter(student=student).first(),
        opened_by=actor.person_id, opened_at=now(),
    )  # fmt: skip
    leave.save(force_insert=True)
    _note(leave, LeaveStepKind.FOUND, actor, step)
    turn_clock(leave, at=now())
    record_leave(leave, "crisis.leave.opened")
    return leave


@command(Permission.LEAVE_EDIT)
def take_step(leave: Leave, *, actor: Actor, step: rules.Step) -> Leave:
    """Take the next step of a leave or a return. Raises CannotStep."""
    _demand(rules.refusal_to_step(leave.state, step, Permission.LEAVE_EDIT, today()))
    target = LeaveState(step.target)
    fields: dict[str, object] = {}
    if target is LeaveState.ON_LEAVE:
        fields = {"left_on": step.day}
    elif target is LeaveState.RETURNED:
        days = parameters_for(leave.student.place, today()).leave.look_days_after_return
        fields = {"returned_on": step.day, "look_on": rules.next_look(step.day, days, 0, today())}
    elif target is LeaveState.DROPPED:
        fields = {"ended_at": now()}
    elif target is LeaveState.PAPERS:  # a new try has its own decision
        fields = {"decided_by": None, "appeal_decided_by": None}
    _move(leave, target, **fields)
    _note(leave, LeaveStepKind(target.value), actor, step)
    record_leave(leave, "crisis.leave.stepped", state=target.value)
    return leave


@command(Permission.LEAVE_DECIDE)
def decide_return(leave: Leave, *, actor: Actor, step: rules.Step) -> Leave:
    """Accept a return, or say not yet. An appeal is decided by whoever had no part in the no. Raises CannotStep."""
    _demand(rules.refusal_to_step(leave.state, step, Permission.LEAVE_DECIDE, today()))
    _demand(rules.refusal_to_decide(leave.state, actor.person_id, who_took_part(leave)))
    by = "appeal_decided_by" if leave.state == LeaveState.APPEALED else "decided_by"
    target = LeaveState(step.target)
    _move(leave, target, **{by: actor.person_id})
    _note(leave, LeaveStepKind(target.value), actor, step)
    record_leave(leave, "crisis.leave.decided", state=target.value)
    return leave


@command(Permission.LEAVE_EDIT)
def note_contact(leave: Leave, *, actor: Actor, step: rules.Step) -> Leave:
    """Note that the school was in touch with a pupil on leave. Raises CannotStep."""
    if leave.state not in AWAY:
        raise CannotStep("not_now")
    _demand(rules.refusal_of_note(step, today()))
    _note(leave, LeaveStepKind.CONTACT, actor, step)
    if leave.state not in SCHOOL_MOVES:
        turn_clock(leave, at=now())
    record_leave(leave, "crisis.leave.contacted")
    return leave


@command(Permission.LEAVE_EDIT)
def look_after_return(leave: Leave, *, actor: Actor, step: rules.Step) -> Leave:
    """Note a look after a return; the last one of the policy's rhythm ends the follow-up. Raises CannotStep."""
    if leave.state != LeaveState.RETURNED or leave.returned_on is None:
        raise CannotStep("not_now")
    _demand(rules.refusal_of_note(step, today()))
    looks = leave.looks + 1
    days = parameters_for(leave.student.place, today()).leave.look_days_after_return
    look_on = rules.next_look(leave.returned_on, days, looks, today())
    fields: dict[str, object] = {"looks": looks, "look_on": look_on}
    if look_on is None:
        fields |= {"state": LeaveState.ENDED, "ended_at": now()}
    rows = every_leave().filter(pk=leave.pk, state=LeaveState.RETURNED, looks=leave.looks)
    _demand("" if rows.update(**fields) else "not_now")
    leave.refresh_from_db()
    _note(leave, LeaveStepKind.LOOK, actor, step)
    turn_clock(leave, at=now())
    record_leave(leave, "crisis.leave.looked")
    return leave


def _move(leave: Leave, target: LeaveState, **fields: object) -> None:
    """Move by conditional update; of two at once only one succeeds."""
    rows = every_leave().filter(pk=leave.pk, state=leave.state).filter(state__in=sources_of(target))
    _demand("" if rows.update(state=target, **fields) else "not_now")
    leave.refresh_from_db()
    turn_clock(leave, at=now())


def _note(leave: Leave, kind: LeaveStepKind, actor: Actor, step: rules.Step) -> None:
    write_leave_step(
        leave, kind, at=now(), by=actor.person_id, day=step.day, people=step.people, words=step.words
    )  # fmt: skip


def _demand(refusal: str) -> None:
    if refusal:
        raise CannotStep(refusal)
