"""The roster's part in an erasure: a pupil under a new key, a nameless row to hold what only counts, a pupil who left
made nameless. Private bodies of commands and jobs: transaction, event and the destroying of keys are the caller's."""

from collections.abc import Sequence
from uuid import UUID

from django.db import models

from xinqiao.foundation.keys.fields import open_sealed, seal_rows, sealed_fields
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.people.models import Consent, Guardian, PupilPin, Student, Tie
from xinqiao.register.people.states import StudentStatus, TieKind

_REASON = "body of a command or job: an erasure"
IDENTITY = ("number", "national_number", "id_number", "birth_on")
INDEXES = ("number_index", "national_index", "id_index")


def reseal(rows: Sequence[models.Model], key_id: UUID) -> None:
    """Open what rows hold under the old key and seal it under another one; the rows are saved."""
    for row in rows:
        names = [field.attname for field in sealed_fields(type(row))]
        (opened,) = open_sealed([row], *names)
        row.key_id = key_id  # type: ignore[attr-defined]  # every model with a sealed field has it
        for name, plain in opened.items():
            setattr(row, name, plain)
        seal_rows([row])
        row.save(update_fields=["key_id", *names])


def under_new_key(student: Student, others: Sequence[models.Model] = ()) -> UUID:
    """Seal the pupil's own row, PIN and consents, and `others`, under a new key; return the old one, not destroyed."""
    old, new = student.key_id, new_key(SubjectKind.STUDENT)
    pins = PupilPin.objects.for_system(reason=_REASON).filter(student=student)
    consents = Consent.objects.for_system(reason=_REASON).filter(student=student)
    reseal([student, *pins, *consents, *others], new)
    return old


def nameless_beside(student: Student, key_id: UUID) -> Student:
    """Make the nameless row that takes over what is counted of a pupil; `key_id` is the key about to be destroyed.

    It stands at the school, not in a class, and nothing in the register points from the one row to the other.
    """
    row = Student(
        county_id=student.county_id, place=student.school_place, school_id=student.school_id,
        school_place=student.school_place, key_id=key_id, name="", sex=student.sex, status=StudentStatus.NAMELESS,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def make_nameless(student: Student) -> list[UUID]:
    """Empty the row of a pupil who left; return the keys to destroy: the pupil's, and those of guardians without
    another pupil. Enrolments stay, as counts."""
    keys = [student.key_id, *_guardians_alone(student)]
    student.status, student.birth_year, student.ethnicity, student.boards = StudentStatus.NAMELESS, None, "", None
    for name in (*IDENTITY, *INDEXES):
        setattr(student, name, None)
    student.name = ""
    seal_rows([student])
    student.save()
    PupilPin.objects.for_system(reason=_REASON).filter(student=student).delete()
    Tie.objects.for_system(reason=_REASON).filter(student=student, kind=TieKind.GUARDIAN).delete()
    return keys


def _guardians_alone(student: Student) -> list[UUID]:
    ties = Tie.objects.for_system(reason=_REASON).filter(kind=TieKind.GUARDIAN)
    own = list(ties.filter(student=student).values_list("person_id", flat=True))
    shared = ties.filter(person_id__in=own).exclude(student=student).values_list("person_id", flat=True)
    alone = Guardian.objects.for_system(reason=_REASON).filter(pk__in=set(own) - set(shared))
    keys = list(alone.values_list("key_id", flat=True))
    alone.update(phone=None, phone_index=None)
    return keys
