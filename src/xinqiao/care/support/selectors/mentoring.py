"""What whoever deals mentors sees: a school with its classes and mentors, the preview, and one class by name."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.selectors.people import names_of
from xinqiao.care.support.selectors.dealing import Plan, mentor_of, mentors_at, plan_deal, pupils_at
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import cohort_order, name_on, units_by_path, units_for
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind
from xinqiao.register.people.models import Student
from xinqiao.register.people.sorting import sound_order

MOST_IDS_IN_AUDIT = 200


@dataclass(frozen=True)
class ClassLine:
    """One class: how many pupils, and how many of them have no mentor."""

    id: UUID
    name: str
    pupils: int
    without: int


@dataclass(frozen=True)
class MentorLine:
    """One mentor: pupils now, and after dealing."""

    name: str
    now: int
    then: int


@dataclass(frozen=True)
class SchoolPage:
    """A school as it stands, and what dealing would do. `spread`: the fewest and the most pupils of a mentor then."""

    school: Unit
    pupils: int
    without: int
    would_deal: int
    left_over: int
    together: int
    spread: tuple[int, int]
    classes: tuple[ClassLine, ...]
    mentors: tuple[MentorLine, ...]


@dataclass(frozen=True)
class PupilLine:
    """One pupil of a class and who is mentor ("" for nobody)."""

    id: UUID
    name: str
    mentor: str


def school_pages(actor: Actor, on: dt.date) -> list[SchoolPage]:
    """Return the schools whose mentors the actor deals, each with its preview; names no pupil."""
    return [_page(school, on) for school in units_for(actor, Permission.MENTOR_DEAL, *SCHOOL_KINDS)]


def school_for(actor: Actor, school_id: UUID) -> Unit | None:
    """Return a school whose mentors the actor deals, else None."""
    schools = units_for(actor, Permission.MENTOR_DEAL, *SCHOOL_KINDS)
    return next((school for school in schools if school.id == school_id), None)


def _page(school: Unit, on: dt.date) -> SchoolPage:
    plan = plan_deal(school, on)
    names = staff_names([mentor.id for mentor in plan.mentors])
    lines = [MentorLine(names.get(m.id, ""), m.load, plan.loads[m.id]) for m in plan.mentors]
    return SchoolPage(
        school=school, pupils=len(plan.pupils), without=len(plan.without), would_deal=len(plan.dealt),
        left_over=plan.left_over, together=_near(plan), classes=_classes(plan, on),
        spread=(min(plan.loads.values(), default=0), max(plan.loads.values(), default=0)),
        mentors=tuple(sorted(lines, key=lambda line: sound_order(line.name))),
    )  # fmt: skip


def _near(plan: Plan) -> int:
    """How many would go to the own class teacher."""
    own = {mentor.id: mentor.own_classes for mentor in plan.mentors}
    return sum(plan.pupils[pupil] in own[mentor] for pupil, mentor in plan.dealt.items())


def _classes(plan: Plan, on: dt.date) -> tuple[ClassLine, ...]:
    counted, without = Counter(plan.pupils.values()), Counter(plan.pupils[each] for each in plan.without)
    units = sorted(units_by_path(counted).values(), key=cohort_order)
    return tuple(
        ClassLine(unit.id, name_on(unit, on), counted[unit.path], without[unit.path])
        for unit in units
        if unit.kind == UnitKind.CLASS
    )


def class_for(actor: Actor, class_id: UUID) -> Unit | None:
    """Return a class whose pupils' mentors the actor deals, else None."""
    units = units_for(actor, Permission.MENTOR_DEAL, UnitKind.CLASS)
    return next((unit for unit in units if unit.id == class_id), None)


def class_lines(actor: Actor, unit: Unit, on: dt.date) -> list[PupilLine]:
    """Return the pupils of a class with their mentors, those without first; reading it is an audit event."""
    students = list(pupils_at(unit.path))
    if not students:
        return []
    note_reading(
        actor, "support.mentors.read", subject_kind="class", subject_id=unit.id, place=unit.path,
        county_id=unit.shard_id,
        facts={"count": len(students), "ids": [str(student.pk) for student in students[:MOST_IDS_IN_AUDIT]]},
    )  # fmt: skip
    mentors = mentor_of(students[0].school_place, on)
    staff, names = staff_names(list(set(mentors.values()))), names_of(students)
    rows = [
        PupilLine(student.pk, names[student.pk], staff.get(mentors[student.pk], "") if student.pk in mentors else "")
        for student in students
    ]
    return sorted(rows, key=lambda row: (bool(row.mentor), sound_order(row.name)))


def mentor_choices(student: Student, on: dt.date) -> Sequence[tuple[str, str]]:
    """Return who may be a pupil's mentor, by id and name."""
    names = staff_names(list(mentors_at(student.school_place, on)))
    return sorted(((str(each), name) for each, name in names.items()), key=lambda row: sound_order(row[1]))


def mentor_name(student: Student, on: dt.date) -> tuple[UUID | None, str]:
    """Return who is a pupil's mentor now."""
    found = mentor_of(student.school_place, on).get(student.pk)
    return found, staff_names([found]).get(found, "") if found else ""


def read_mentor(actor: Actor, student: Student, on: dt.date) -> tuple[UUID | None, str]:
    """Return the same for a page that names the pupil; reading it is an audit event."""
    note_reading(
        actor, "support.mentors.read", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, facts={"count": 1},
    )  # fmt: skip
    return mentor_name(student, on)
