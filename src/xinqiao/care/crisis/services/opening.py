"""Opening a case, because a talk found need or a person says so, and handing it to somebody else."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from xinqiao.care.crisis import rules
from xinqiao.care.crisis.clocks import hasten_judgement, run_clock
from xinqiao.care.crisis.errors import demand_none
from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.rows import every_case, every_running_case
from xinqiao.care.crisis.states import CaseState
from xinqiao.care.crisis.watch_rows import turn_into_case
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.deadlines.kinds import JUDGEMENT
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for


@command(Permission.CASE_EDIT)
def open_case(student: Student, *, actor: Actor, urgency: str, why: str) -> Case:
    """Open a case by hand, for a reason in words; the urgency says how soon people sit together. Raises CannotCare."""
    found = [
        (rules.NO_REASONS, len(why.strip()) < rules.SHORTEST_REASON),
        (rules.HAS_LEFT, student.status != StudentStatus.ACTIVE),
    ]
    demand_none([code for code, is_so in found if is_so])
    case, is_new = write_case(student, by=actor.person_id, at=now(), urgency=urgency, why=why.strip())
    demand_none([] if is_new else [rules.OPEN_ALREADY])
    return case


def write_case(
    student: Student, *, by: UUID, at: dt.datetime, urgency: str = "orange", why: str = ""
) -> tuple[Case, bool]:
    """Open a case led by `by`, or return the one that is open already; say whether it is new. A private body.

    One that is open already is judged sooner where the urgency asks for it. A later case names the one before it.
    """
    on = timezone.localtime(at).date()
    days = parameters_for(student.place, on).care.first_judgement_days[urgency]
    former = every_case().filter(student=student, state=CaseState.CLOSED).order_by("closed_at").last()
    case = Case(
        county_id=student.county_id, place=student.place, student=student, key_id=student.key_id, owner=by,
        opened_at=at, opened_by=by, urgency=urgency, judge_by=on + dt.timedelta(days=days), opened_for=why or None,
        former=former,
    )  # fmt: skip
    seal_rows([case])
    every_case().bulk_create([case], ignore_conflicts=True)
    stored = every_running_case().select_related("student").get(student=student)
    turn_into_case(student.id, at=at)
    if stored.id != case.id:
        if rules.is_higher(urgency, stored.level):
            hasten_judgement(stored, urgency, at=at)
        return stored, False
    run_clock(stored, JUDGEMENT, stored.judge_by, at=at, met_by=None)
    record(
        "crisis.case.opened", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, facts={"case": str(stored.id), "former": str(former.id) if former else ""},
    )  # fmt: skip
    return stored, True


@command(Permission.CASE_EDIT)
def hand_over_case(case: Case, *, actor: Actor, to: UUID) -> Case | Unchanged:  # noqa: ARG001 - asked by @command
    """Give a case to another member of staff who may lead cases at the pupil's place. Raises CannotCare."""
    if case.owner == to:
        return Unchanged(rules.SAME_OWNER)
    allowed = staff_who_may(Permission.CASE_EDIT, case.student.place, timezone.localtime(now()).date())
    demand_none([] if to in allowed else [rules.NOT_OF_THE_SCHOOL])
    rows = every_running_case().filter(pk=case.pk, owner=case.owner)
    demand_none([] if rows.update(owner=to) else [rules.CASE_CLOSED])
    record_handed_over(case, to)
    case.owner = to
    return case


def record_handed_over(case: Case, to: UUID) -> None:
    """Record who leads a case from now on. A private body."""
    record(
        "crisis.case.handed_over", subject_kind="student", subject_id=case.student_id, place=case.place,
        county_id=case.county_id, facts={"case": str(case.id), "from": str(case.owner), "to": str(to)},
    )  # fmt: skip
