"""Private bodies that put people into the register, many at a time: for the roster import, forms and the demo city.

They record nothing: the command that calls them does.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.foundation.keys.models import KeySubject, SubjectKind
from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.sealing import blind_index
from xinqiao.foundation.keys.store import prepare_keys
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Enrolment, Guardian, PupilPin, Staff, Student, Tie
from xinqiao.register.people.pins import new_pin, pin_mac
from xinqiao.register.people.states import Relation, Sex, TieKind

BATCH = 500


@dataclass(frozen=True)
class GuardianDraft:
    """A guardian as a roster names one."""

    name: str
    phone: str = ""
    relation: str = Relation.GUARDIAN


@dataclass(frozen=True)
class StudentDraft:
    """A student to be registered in a class; `birth_on` is a date, or None when only the year is known."""

    name: str
    class_unit: Unit
    number: str = ""
    id_number: str = ""
    sex: str = Sex.UNKNOWN
    birth_year: int | None = None
    birth_on: dt.date | None = None
    ethnicity: str = ""
    boards: bool | None = None
    guardians: tuple[GuardianDraft, ...] = ()
    start_on: dt.date | None = None


def index_of(purpose: str, value: str) -> bytes | None:
    """Return the blind index of an identifier; purposes are student_number, id_number and phone."""
    return blind_index(ring().secrets["index"], purpose, value) if value else None


def register_students(school: Unit, drafts: Sequence[StudentDraft], on: dt.date) -> list[Student]:
    """Create students with keys, enrolments, PINs, guardians and ties; inside the caller's transaction."""
    keys = prepare_keys(SubjectKind.STUDENT, len(drafts))
    students = [_student(school, draft, key.id) for draft, key in zip(drafts, keys, strict=True)]
    KeySubject.objects.bulk_create(keys, batch_size=BATCH)
    Student.objects.bulk_create(students, batch_size=BATCH)
    Enrolment.objects.bulk_create(
        [_enrolment(student, draft, on) for student, draft in zip(students, drafts, strict=True)], batch_size=BATCH
    )
    PupilPin.objects.bulk_create([pin_row(student) for student in students], batch_size=BATCH)
    register_guardians([(s, g) for s, d in zip(students, drafts, strict=True) for g in d.guardians], on)
    return students


def _student(school: Unit, draft: StudentDraft, key_id: UUID) -> Student:
    student = Student(
        key_id=key_id, county_id=school.shard_id, school_id=school.id, school_place=school.path,
        place=draft.class_unit.path, name=draft.name, number=draft.number or None,
        number_index=index_of("student_number", draft.number), id_number=draft.id_number or None,
        id_index=index_of("id_number", draft.id_number), sex=draft.sex,
        birth_year=draft.birth_on.year if draft.birth_on else draft.birth_year,
        birth_on=draft.birth_on.isoformat() if draft.birth_on else None,
        ethnicity=draft.ethnicity, boards=draft.boards,
    )  # fmt: skip
    seal_rows([student])
    return student


def _enrolment(student: Student, draft: StudentDraft, on: dt.date) -> Enrolment:
    return Enrolment(
        student=student, county_id=student.county_id, place=student.place, class_id=draft.class_unit.id,
        start_on=draft.start_on or on,
    )  # fmt: skip


def pin_row(student: Student) -> PupilPin:
    """Return an unsaved, sealed PIN row with a fresh PIN."""
    pin = new_pin()
    row = PupilPin(
        student=student, county_id=student.county_id, place=student.place, key_id=student.key_id, pin=pin,
        pin_mac=pin_mac(student.id, pin), set_at=now(),
    )  # fmt: skip
    seal_rows([row])
    return row


def register_guardians(pairs: Sequence[tuple[Student, GuardianDraft]], on: dt.date) -> None:
    """Create a guardian and a tie for each pair; one phone in one school with one name is one person."""
    keys = prepare_keys(SubjectKind.GUARDIAN, len(pairs))
    known: dict[tuple[UUID, bytes, str], Guardian] = {}
    guardians, used, ties = [], [], []
    for (student, draft), key in zip(pairs, keys, strict=True):
        phone_index = index_of("phone", draft.phone)
        same = (student.school_id, phone_index or key.id.bytes, draft.name)
        if same not in known:
            known[same] = _guardian(student, draft, key.id, phone_index)
            guardians.append(known[same])
            used.append(key)
        ties.append(
            Tie(
                student=student, county_id=student.county_id, place=student.place, kind=TieKind.GUARDIAN,
                person_id=known[same].id, relation=draft.relation, start_on=on,
            )
        )  # fmt: skip
    KeySubject.objects.bulk_create(used, batch_size=BATCH)
    Guardian.objects.bulk_create(guardians, batch_size=BATCH)
    Tie.objects.bulk_create(ties, batch_size=BATCH)


def _guardian(student: Student, draft: GuardianDraft, key_id: UUID, phone_index: bytes | None) -> Guardian:
    guardian = Guardian(
        key_id=key_id, county_id=student.county_id, place=student.school_place, name=draft.name,
        phone=draft.phone or None, phone_index=phone_index,
    )  # fmt: skip
    seal_rows([guardian])
    return guardian


def register_staff(unit: Unit, name: str, *, phone: str = "", mail: str = "", title: str = "") -> Staff:
    """Create a member of staff at a unit; above the county the unit is its own shard."""
    (key,) = prepare_keys(SubjectKind.STAFF, 1)
    key.save(force_insert=True)
    staff = Staff(
        key_id=key.id, county_id=unit.shard_id, place=unit.path, name=name, phone=phone or None,
        phone_index=index_of("phone", phone), mail=mail or None, title=title,
    )  # fmt: skip
    staff.save(force_insert=True)
    return staff
