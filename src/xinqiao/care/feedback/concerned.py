"""Which teachers a pupil concerns: those who teach or look after the class, and where each of them stands."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission, Role
from xinqiao.foundation.core.places import places_above
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.accounts.role_labels import ROLE_LABELS
from xinqiao.register.duty.named import roles_held
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
    inside = [place for place in places_above(student.place) if place.startswith(student.school_place)]
    found: dict[UUID, Concerned] = {}
    for held in roles_held(inside, on):
        if held.role in TEACHING:
            found.setdefault(held.staff_id, Concerned(held.staff_id, Role(held.role), held.place))
    return dict(sorted(found.items(), key=lambda each: TEACHING.index(each[1].role)))


def class_teachers_of(student: Student, on: dt.date) -> dict[UUID, Concerned]:
    """Return the class teachers of a pupil by staff id."""
    return {key: each for key, each in concerned_with(student, on).items() if each.role == Role.CLASS_TEACHER}


def concerned_names(student: Student, on: dt.date) -> dict[UUID, str]:
    """Return name and role of those whom a pupil concerns, for a form."""
    found = concerned_with(student, on)
    names = staff_names(list(found))
    return {key: f"{names[key]} · {ROLE_LABELS[each.role]}" for key, each in found.items() if key in names}
