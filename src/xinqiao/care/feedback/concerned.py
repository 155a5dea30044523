"""Which teachers a pupil concerns: those who teach or look after the class, and where each of them stands."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission, Role
from xinqiao.foundation.core.places import places_above
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.accounts.role_labels import ROLE_LABELS
from xinqiao.register.duty.named import Held, roles_held
from xinqiao.register.people.models import Student

TEACHING = (Role.CLASS_TEACHER, Role.GRADE_HEAD, Role.SUBJECT_TEACHER, Role.MENTOR, Role.DORM_KEEPER)


@dataclass(frozen=True)
class Concerned:
    """One teacher: by which role, at which place; `sees_level` where the role reads levels anyway."""

    staff_id: UUID
    role: Role
    place: str

    @property
    def sees_level(self) -> bool:
        return Permission.ATTENTION_VIEW in ROLE_PERMISSIONS[self.role]


def concerned_with(student: Student, on: dt.date) -> dict[UUID, Concerned]:
    """Return the teachers whom a pupil concerns by staff id, class teachers first, each by the nearest role."""
    return _concerned(roles_held(_inside(student), on))


def class_teachers_of(student: Student, on: dt.date) -> dict[UUID, Concerned]:
    """Return the class teachers of a pupil by staff id."""
    return {key: each for key, each in concerned_with(student, on).items() if each.role == Role.CLASS_TEACHER}


def class_teachers_by_pupil(students: Collection[Student], on: dt.date) -> Mapping[UUID, set[UUID]]:
    """Return the class teachers of many pupils, staff ids by pupil, in one query."""
    inside = {student.id: _inside(student) for student in students}
    held: dict[str, list[Held]] = {}
    for each in roles_held({place for places in inside.values() for place in places}, on):
        held.setdefault(each.place, []).append(each)
    found = {}
    for student_id, places in inside.items():
        near = _concerned(each for place in sorted(places, key=len, reverse=True) for each in held.get(place, ()))
        found[student_id] = {key for key, each in near.items() if each.role == Role.CLASS_TEACHER}
    return found


def _inside(student: Student) -> list[str]:
    """The units from the pupil's school down to the pupil's own."""
    return [place for place in places_above(student.place) if place.startswith(student.school_place)]


def _concerned(held: Iterable[Held]) -> dict[UUID, Concerned]:
    """Of roles in order, the nearest unit first: each person's first that teaches, class teachers first."""
    found: dict[UUID, Concerned] = {}
    for each in held:
        if each.role in TEACHING:
            found.setdefault(each.staff_id, Concerned(each.staff_id, Role(each.role), each.place))
    return dict(sorted(found.items(), key=lambda each: TEACHING.index(each[1].role)))


def concerned_names(student: Student, on: dt.date) -> dict[UUID, str]:
    """Return name and role of those whom a pupil concerns, for a form."""
    found = concerned_with(student, on)
    names = staff_names(list(found))
    return {key: f"{names[key]} · {ROLE_LABELS[each.role]}" for key, each in found.items() if key in names}
