"""A school as the rules of a turn see it, read at once: grades, classes, pupils, and who leads each class."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core.places import within
from xinqiao.register.accounts.models import Membership
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_below
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Enrolment, Student
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.years.models import YearTurn
from xinqiao.register.years.rules import ClassFact, Layout, Plan, class_key, fingerprint, grade_key, lay_out

_WHY = "a turn of the school year counts every pupil of the school"


@dataclass(frozen=True)
class School:
    """The open grades and classes of a school by key, and the facts about its classes."""

    unit: Unit
    grades: dict[str, Unit]
    classes: dict[str, Unit]
    facts: tuple[ClassFact, ...]

    def parent_of(self, grade: str) -> Unit:
        """Return the school or campus of a grade's key."""
        parent = grade.split(":")[0]
        return self.unit if parent == str(self.unit.id) else Unit.objects.get(pk=UUID(parent))


def read_school(unit: Unit, on: dt.date) -> School:
    """Read a school as it stands, for a turn on a day; four queries."""
    units = units_below(unit.path, UnitKind.GRADE, UnitKind.CLASS)
    by_id = {one.id: one for one in units if one.kind == UnitKind.GRADE}
    grades = {grade_key(str(one.parent_id), one.stage, one.entry_year or 0): one for one in by_id.values()}
    key_by_id = {one.id: key for key, one in grades.items()}
    classes = {
        class_key(key_by_id[one.parent_id], one.number or 0): one
        for one in units
        if one.kind == UnitKind.CLASS and one.parent_id in key_by_id
    }
    pupils, leads, too_new = _pupils(unit), _leads(classes.values(), on), _too_new(unit, on)
    facts = tuple(
        ClassFact(
            key, one.primary_years, here := frozenset(pupils.get(one.path, ())), here & too_new,
            tuple(leads.get(one.path, ())),
        )
        for key, one in classes.items()
    )  # fmt: skip
    return School(unit, grades, classes, facts)


def _pupils(unit: Unit) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = Student.objects.for_system(reason=_WHY).filter(within([unit.path]), status=StudentStatus.ACTIVE)
    for pk, place in rows.values_list("pk", "place"):
        found.setdefault(place, []).append(str(pk))
    return found


def _too_new(unit: Unit, on: dt.date) -> frozenset[str]:
    rows = Enrolment.objects.for_system(reason=_WHY).filter(within([unit.path]), end_on=None, start_on__gt=on)
    return frozenset(str(pk) for pk in rows.values_list("student_id", flat=True))


def _leads(classes: Iterable[Unit], on: dt.date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for membership in leaders_at([one.path for one in classes], on):
        found.setdefault(membership.place, []).append(str(membership.user.staff_id))
    return found


def leaders_at(places: Iterable[str], on: dt.date) -> list[Membership]:
    """Return the class teachers of these classes on a day or later; accounts that are closed lead nothing."""
    rows = Membership.objects.filter(
        Q(end_on=None) | Q(end_on__gt=on), role=Role.CLASS_TEACHER, place__in=list(places), user__is_active=True,
        user__staff_id__isnull=False,
    )  # fmt: skip
    return list(rows.select_related("user").order_by("start_on", "id"))


def plan_of(turn: YearTurn) -> Plan:
    """Return the plan that a turn keeps."""
    return Plan.of(turn.plan)


def layout_of(turn: YearTurn) -> tuple[School, Layout]:
    """Return the school as it stands now and what the turn's plan makes of it."""
    school = read_school(Unit.objects.get(pk=turn.unit_id), turn.on)
    return school, lay_out(school.facts, plan_of(turn), turn.starts_in)


def digest_of(turn: YearTurn, layout: Layout) -> str:
    """Return what a yes is bound to."""
    return fingerprint(layout, turn.on.isoformat())
