"""Private bodies that write one step of a turn. What can no longer be written as planned is skipped and named."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from xinqiao.foundation.access.actors import SYSTEM_ID, system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.accounts.granting import CannotGrant, end_role, grant_one
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import ensure_class, shut_unit
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Staff, Student
from xinqiao.register.people.moving import place_students
from xinqiao.register.people.states import StayEnd, StudentStatus
from xinqiao.register.years.models import TurnStep, YearTurn
from xinqiao.register.years.rules import NOBODY, ClassFact, grade_of, lay_out, number_of
from xinqiao.register.years.school import School, leaders_at, plan_of, read_school
from xinqiao.register.years.states import StepKind

_WHY = "written by an accepted turn of the school year"


@dataclass
class Written:
    """The pupils whom a step moved, and whom or what it had to leave out, with the code of the reason."""

    pupils: list[UUID] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)


def write_step(turn: YearTurn, step: TurnStep) -> Written:
    """Write one step inside the caller's transaction."""
    school = read_school(Unit.objects.get(pk=turn.unit_id), turn.on)
    return _BODIES[StepKind(step.kind)](turn, step.key, school)


def _open(turn: YearTurn, grade: str, school: School) -> Written:
    """Open the classes of an entering grade that are not there."""
    written, parent = Written(), school.parent_of(grade)
    _, stage, entry_year = grade.split(":")
    opening = lay_out(school.facts, plan_of(turn), turn.starts_in).opened
    for key in (one for one in opening if grade_of(one) == grade):
        unit, is_new = ensure_class(parent, stage, int(entry_year), number_of(key))
        if not is_new:
            written.skipped[key] = "class_closed"
            continue
        record("orgs.unit.added", subject_kind="unit", subject_id=unit.id, place=unit.path,
               county_id=unit.county_id, facts={"kind": unit.kind, "code": unit.code})  # fmt: skip
    return written


def _keep_back(turn: YearTurn, key: str, school: School) -> Written:
    """Move those who are kept back out of one class into the cohort behind."""
    written, fact = Written(), _fact(school, key)
    moves: list[tuple[Student, Unit]] = []
    wanted = {p: t for p, t in plan_of(turn).kept_back.items() if p in fact.pupils}
    rows = {str(one.id): one for one in _students(wanted)}
    for pupil, target in wanted.items():
        unit = school.classes.get(target)
        if unit is None or pupil in fact.too_new:
            written.skipped[pupil] = "too_new" if unit is not None else "no_target"
        else:
            moves.append((rows[pupil], unit))
    place_students(moves, turn.on, ended_as=StayEnd.KEPT_BACK)
    written.pupils = [student.id for student, _ in moves]
    return written


def _graduate(turn: YearTurn, key: str, school: School) -> Written:
    """End the stay of everybody in one class but those kept back, and close the class if nobody is left in it."""
    written, fact, unit = Written(), _fact(school, key), school.classes.get(key)
    if unit is None:
        return written  # closed by hand since
    kept = fact.pupils & set(plan_of(turn).kept_back)
    written.skipped = dict.fromkeys(kept, "kept_back") | dict.fromkeys(fact.too_new - kept, "too_new")
    leaving = _students(fact.pupils - kept - fact.too_new)
    place_students([(student, None) for student in leaving], turn.on, ended_as=StayEnd.GRADUATED)
    written.pupils = [student.id for student in leaving]
    if not written.skipped:
        _end_roles_at(unit.path, _day(turn))
        shut_unit(unit)
    return written


def _teacher(turn: YearTurn, key: str, school: School) -> Written:
    """Let whom the plan names lead a class, and nobody else."""
    written, unit = Written(), school.classes.get(key)
    chosen = plan_of(turn).teachers.get(key, "")
    if unit is None or not chosen:
        return written
    day, leaders = _day(turn), leaders_at([unit.path], _day(turn))
    for membership in leaders:
        if str(membership.user.staff_id) != chosen:
            end_role(membership, day)
    if chosen != NOBODY and chosen not in {str(one.user.staff_id) for one in leaders}:
        _name(turn, unit, UUID(chosen), day, written)
    return written


def _name(turn: YearTurn, unit: Unit, staff_id: UUID, day: dt.date, written: Written) -> None:
    staff = Staff.objects.for_system(reason=_WHY).filter(pk=staff_id).first()
    user = User.objects.filter(pk=turn.accepted_by or SYSTEM_ID).first()
    granter = actor_for(user, day) if user else system_actor("years.turn")
    if staff is None:
        written.skipped[str(staff_id)] = "has_left"
        return
    try:
        grant_one(unit, staff, Role.CLASS_TEACHER, day, granter=granter)
    except CannotGrant as cannot:
        written.skipped[str(staff_id)] = cannot.code


def _close(turn: YearTurn, grade: str, school: School) -> Written:
    """Close a grade that has no open class any more."""
    unit = school.grades.get(grade)
    if unit is not None and not Unit.objects.filter(parent=unit, kind=UnitKind.CLASS, is_closed=False).exists():
        _end_roles_at(unit.path, _day(turn))
        shut_unit(unit)
    return Written()


_BODIES: dict[StepKind, Callable[[YearTurn, str, School], Written]] = {
    StepKind.OPEN: _open,
    StepKind.KEEP_BACK: _keep_back,
    StepKind.GRADUATE: _graduate,
    StepKind.TEACHER: _teacher,
    StepKind.CLOSE: _close,
}


def _fact(school: School, key: str) -> ClassFact:
    return next((one for one in school.facts if one.key == key), ClassFact(key))


def _students(ids: "frozenset[str] | dict[str, str]") -> list[Student]:
    rows = Student.objects.for_system(reason=_WHY).select_for_update()
    return list(rows.filter(pk__in=[UUID(one) for one in ids], status=StudentStatus.ACTIVE).order_by("pk"))


def _end_roles_at(place: str, day: dt.date) -> None:
    """Whoever had a role over exactly this unit has it no longer."""
    rows = Membership.objects.filter(Q(end_on=None) | Q(end_on__gt=day), place=place).select_related("user")
    for membership in rows:
        end_role(membership, day)


def _day(turn: YearTurn) -> dt.date:
    """Roles begin and end on the turn's day, or on the day of writing if later: the past is not rewritten."""
    return max(turn.on, today())
