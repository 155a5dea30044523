"""Reads of leaves: who is on leave, one with its story."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.wording import CLOCK_WORDS
from xinqiao.care.crisis.leave.rules import refusal_to_decide
from xinqiao.care.crisis.leave.states import AWAY, ENDED, LeaveState, LeaveStepKind, steps_from
from xinqiao.care.crisis.leave_rows import every_leave, every_leave_step, who_took_part
from xinqiao.care.crisis.models import Leave, LeaveStep
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.ui.wording import day_words
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.deadlines.selectors import ClockRow, running_clocks
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.people.finding import name_of
from xinqiao.register.people.models import Student

# Whoever decides reads why it was not yet and what the family says against it; everything else is the keeper's.
TOLD_TO_DECIDERS = (LeaveStepKind.NOT_YET, LeaveStepKind.APPEALED, LeaveStepKind.ACCEPTED)


@dataclass(frozen=True)
class LeaveRow:
    """One leave in a list."""

    id: UUID
    name: str
    class_name: str
    state_name: str
    left_on: dt.date | None
    returned_on: dt.date | None
    is_away: bool
    is_open: bool
    clock: ClockRow | None
    waits_for: str

    @property
    def is_late(self) -> bool:
        return self.clock is not None and self.clock.minutes_left < 0


def leave_rows(actor: Actor, now: dt.datetime, student_id: UUID | None = None) -> list[LeaveRow]:
    """Return the leaves of an actor's pupils, those that run first; reading them is an event."""
    visible = Leave.objects.visible_to(actor, Permission.LEAVE_DECIDE)
    if student_id:
        visible = visible.filter(student_id=student_id)
    found = list(visible.select_related("student").order_by("-opened_at"))
    clocks = running_clocks([row.id for row in found], now)
    units, on = units_by_path(row.student.place for row in found), today()
    names = open_sealed([row.student for row in found], "name")
    note_reading(actor, "crisis.leaves.read", place=found[0].place if found else "",
                 county_id=found[0].county_id if found else None, facts={"count": len(found)})  # fmt: skip
    rows = []
    for leave, said in zip(found, names, strict=True):
        unit, clock = units.get(leave.student.place), next(iter(clocks.get(leave.id, ())), None)
        rows.append(LeaveRow(
            id=leave.id, name=said["name"] or "", class_name=name_on(unit, on) if unit else "",
            state_name=str(LeaveState(leave.state).label), left_on=leave.left_on, returned_on=leave.returned_on,
            is_away=leave.state in AWAY, is_open=leave.state not in ENDED, clock=clock,
            waits_for=str(CLOCK_WORDS[clock.kind]) if clock else "",
        ))  # fmt: skip
    return sorted(rows, key=lambda row: (not row.is_open, not row.is_late))


@dataclass(frozen=True)
class LeaveStepRow:
    """One step as the timeline shows it."""

    at: dt.datetime
    title: str
    text: str
    who: str
    tone: str = ""


@dataclass(frozen=True)
class LeavePage:
    """One leave; `steps` and `decisions` are what this reader may do next, `why_not` why a decision is not theirs."""

    leave: Leave
    name: str
    class_name: str
    state_name: str
    story: Sequence[LeaveStepRow]
    clock: ClockRow | None
    steps: Sequence[LeaveState]
    decisions: Sequence[LeaveState]
    why_not: str
    is_keeper: bool


def leave_for(actor: Actor, leave_id: UUID, permission: Permission = Permission.LEAVE_DECIDE) -> Leave | None:
    """Return a leave that the actor may reach, else None."""
    rows = Leave.objects.visible_to(actor, permission).filter(pk=leave_id)
    found: Leave | None = rows.select_related("student").first()
    return found


def running_leave_of(student: Student) -> Leave | None:
    """Return the leave of a pupil that runs, if one does."""
    found: Leave | None = every_leave().filter(student=student).exclude(state__in=ENDED).first()
    return found


def leave_page(actor: Actor, leave: Leave, now: dt.datetime) -> LeavePage:
    """Return one leave with as much of its story as this reader may know; reading it is an event."""
    note_reading(actor, "crisis.leave.read", subject_kind="student", subject_id=leave.student_id, place=leave.place,
                 county_id=leave.county_id, facts={"leave": str(leave.id)})  # fmt: skip
    is_keeper = actor.can(Permission.LEAVE_EDIT, leave.student.place)
    decisions = steps_from(leave.state, Permission.LEAVE_DECIDE)
    why_not = refusal_to_decide(leave.state, actor.person_id, who_took_part(leave)) if decisions else ""
    unit = units_by_path([leave.student.place]).get(leave.student.place)
    clocks = running_clocks([leave.id], now).get(leave.id, [])
    return LeavePage(
        leave=leave, name=name_of(leave.student),
        class_name=name_on(unit, today()) if unit else "", state_name=str(LeaveState(leave.state).label),
        story=_story(leave, is_keeper=is_keeper), clock=next(iter(clocks), None),
        steps=steps_from(leave.state, Permission.LEAVE_EDIT) if is_keeper else [], decisions=decisions,
        why_not=why_not, is_keeper=is_keeper,
    )  # fmt: skip


def _story(leave: Leave, *, is_keeper: bool) -> list[LeaveStepRow]:
    steps = list(every_leave_step().filter(leave=leave).order_by("-at", "-id"))
    told = [step for step in steps if is_keeper or step.kind in TOLD_TO_DECIDERS]
    words = {step.id: said for step, said in zip(told, open_sealed(told, "people", "words"), strict=True)}
    names = staff_names([step.by for step in steps if step.by])
    return [_row(step, words.get(step.id, {}), names) for step in steps]


def _row(step: LeaveStep, said: dict[str, str | None], names: dict[UUID, str]) -> LeaveStepRow:
    parts = (day_words(step.day), said.get("people") or "", said.get("words") or "")
    tone = {"overdue": "red", "not_yet": "orange", "appealed": "orange"}.get(step.kind, "")
    who = names.get(step.by, "") if step.by else ""
    return LeaveStepRow(step.at, str(LeaveStepKind(step.kind).label), " · ".join(p for p in parts if p), who, tone)
