"""Changes of one pupil's roster data: added, edited, moved, left, back; guardians added and taken off."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import school_of
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Student, Tie
from xinqiao.register.people.moving import CannotMove, give_number, place_students
from xinqiao.register.people.registering import (
    GuardianDraft,
    StudentDraft,
    index_of,
    is_seat_number,
    register_guardians,
    register_students,
)
from xinqiao.register.people.selectors.students import guardians_of
from xinqiao.register.people.states import StudentStatus, TieKind

_WHY = "the pupil that the command is about"
SEALED_NAMES = ("name", "number", "id_number", "birth_on")


class CannotSave(ValueError):
    """What was typed cannot be saved; `code` says why: number_taken, id_number_taken, not_a_class."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class StudentData:
    """A pupil's roster data as a form gives it; `birth_on` is a date or None, empty texts mean not known."""

    name: str
    number: str = ""
    id_number: str = ""
    sex: str = "unknown"
    birth_on: dt.date | None = None
    ethnicity: str = ""
    boards: bool | None = None


@command(Permission.STUDENT_EDIT)
def add_student(unit: Unit, *, actor: Actor, data: StudentData, guardian: GuardianDraft | None, on: dt.date) -> Student:
    """Register one pupil in a class."""
    del actor
    school = school_of(unit.path)
    if unit.kind != UnitKind.CLASS or school is None:
        raise CannotSave("not_a_class")
    _require_free(school, unit.path, data)
    draft = StudentDraft(
        name=data.name, class_unit=unit, number=data.number, id_number=data.id_number, sex=data.sex,
        birth_on=data.birth_on, ethnicity=data.ethnicity, boards=data.boards,
        guardians=(guardian,) if guardian is not None else (),
    )  # fmt: skip
    (student,) = register_students(school, [draft], on)
    _record(student, "people.student.added")
    return student


@command(Permission.STUDENT_EDIT)
def edit_student(student: Student, *, actor: Actor, data: StudentData) -> Student | Unchanged:
    """Save changed roster data; the audit says which fields changed, never their values."""
    del actor
    (old,) = open_sealed([student], *SEALED_NAMES)
    birth = data.birth_on.isoformat() if data.birth_on else None
    new: dict[str, Any] = {
        "name": data.name, "number": data.number or None, "id_number": data.id_number or None, "birth_on": birth,
        "sex": data.sex, "ethnicity": data.ethnicity, "boards": data.boards,
    }  # fmt: skip
    known = {**old, "sex": student.sex, "ethnicity": student.ethnicity, "boards": student.boards}
    changed = sorted(name for name, value in new.items() if value != known[name])
    if not changed:
        return Unchanged("same_data")
    school = school_of(student.place)
    assert school is not None
    _require_free(school, student.place, data, but=student)
    for name in changed:
        setattr(student, name, new[name])
    if "number" in changed:
        give_number(student, data.number)
    student.id_index = index_of("id_number", data.id_number)
    student.birth_year = data.birth_on.year if data.birth_on else student.birth_year
    student.save()
    _record(student, "people.student.edited", fields=changed)
    return student


def _require_free(school: Unit, place: str, data: StudentData, *, but: Student | None = None) -> None:
    here = Student.objects.for_system(reason="a number names one pupil of a school").filter(school_id=school.id)
    if but is not None:
        here = here.exclude(pk=but.pk)
    number_index = index_of("student_number", data.number)
    if number_index is not None:
        same = here.filter(number_index=number_index)
        if is_seat_number(data.number):
            same = same.filter(place=place, is_seat_number=True, status=StudentStatus.ACTIVE)
        if same.exists():
            raise CannotSave("number_taken")
    id_index = index_of("id_number", data.id_number)
    if id_index is not None and here.filter(id_index=id_index).exists():
        raise CannotSave("id_number_taken")


@command(Permission.STUDENT_EDIT)
def move_student(student: Student, *, actor: Actor, class_unit: Unit, on: dt.date) -> Student:
    """Move a pupil into another class of the same school, or bring one back who had left; raise CannotMove."""
    del actor
    if class_unit.kind != UnitKind.CLASS or not class_unit.path.startswith(student.school_place):
        raise CannotMove("other_school")
    is_back = student.status == StudentStatus.LEFT
    if not is_back and class_unit.path == student.place:
        raise CannotMove("already_there")
    place_students([(student, class_unit)], on)
    _record(student, "people.student.returned" if is_back else "people.student.moved", on=on)
    return student


@command(Permission.STUDENT_EDIT)
def end_enrolment(student: Student, *, actor: Actor, on: dt.date) -> Student | Unchanged:
    """Note that a pupil has left the school from a day on; nothing of the pupil's is deleted."""
    del actor
    if student.status == StudentStatus.LEFT:
        return Unchanged("left_already")
    place_students([(student, None)], on)
    _record(student, "people.student.left", on=on)
    return student


@command(Permission.STUDENT_EDIT)
def add_guardian(student: Student, *, actor: Actor, draft: GuardianDraft) -> Student | Unchanged:
    """Tie one more guardian to a pupil; one with this name and telephone is not tied twice."""
    del actor
    if any((one.name, one.phone) == (draft.name, draft.phone) for one in guardians_of(student)):
        return Unchanged("tied_already")
    register_guardians([(student, draft)], today())
    _record(student, "people.guardian.added")
    return student


@command(Permission.STUDENT_EDIT)
def end_guardian(student: Student, *, actor: Actor, tie: Tie) -> Student | Unchanged:
    """End a guardian's tie from today; it stays in the pupil's history."""
    del actor
    ties = Tie.objects.for_system(reason=_WHY).filter(pk=tie.pk, student=student, kind=TieKind.GUARDIAN, end_on=None)
    if not ties.update(end_on=today()):
        return Unchanged("ended_already")
    _record(student, "people.guardian.ended")
    return student


def _record(student: Student, event: str, **facts: Any) -> None:
    record(event, subject_kind="student", subject_id=student.id, place=student.place, county_id=student.county_id,
           facts=facts)  # fmt: skip
