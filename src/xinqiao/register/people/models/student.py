"""The student, enrolment over time, and the pupil's PIN."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2
from xinqiao.foundation.core.places import PlaceField
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.states import Sex, StayEnd, StudentStatus


class Student(ScopedModel):
    """A child at a school. `place` is today's class (or the school, while in no class).

    `number` is what the pupil signs in with. A seat number (`is_seat_number`, up to three characters) tells pupils
    apart only within a class, and may be given by us where the school has no number at all.
    """

    DATA = {
        **SCOPED_DATA, "key_id": D1, "school_id": D1, "school_place": D1, "name": D2, "number": D2, "number_index": D2,
        "is_seat_number": D1, "national_number": D2, "national_index": D2, "id_number": D2, "id_index": D2,
        "sex": D2, "birth_year": D2, "birth_on": D2, "ethnicity": D2, "boards": D2,
        "status": D1, "created_at": D1,
    }  # fmt: skip
    SELF = "pk"

    key_id = models.UUIDField[UUID, UUID]()
    school_id = models.UUIDField[UUID, UUID]()
    school_place = PlaceField()
    name = SealedField()
    number = SealedField(null=True)
    number_index = models.BinaryField[bytes | None, bytes | None](max_length=16, null=True)
    is_seat_number = models.BooleanField(default=False)
    national_number = SealedField(null=True)
    national_index = models.BinaryField[bytes | None, bytes | None](max_length=16, null=True)
    id_number = SealedField(null=True)
    id_index = models.BinaryField[bytes | None, bytes | None](max_length=16, null=True)
    sex = models.CharField(max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    birth_year = models.PositiveSmallIntegerField(null=True)
    birth_on = SealedField(null=True, coded=True)
    ethnicity = models.CharField(max_length=20, blank=True)
    boards = models.BooleanField(null=True)
    status = models.CharField(max_length=8, choices=StudentStatus.choices, default=StudentStatus.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="student_number_once", fields=["school_id", "number_index"], condition=Q(is_seat_number=False)
            ),
            models.UniqueConstraint(name="student_national_number_once", fields=["school_id", "national_index"]),
            models.UniqueConstraint(name="student_id_number_once", fields=["school_id", "id_index"]),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Enrolment(ScopedModel):
    """One stay in one class: [start_on, end_on). History is never rewritten."""

    DATA = {**SCOPED_DATA, "student": D1, "class_id": D1, "start_on": D1, "end_on": D1, "ended_as": D1}

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="enrolments")
    class_id = models.UUIDField[UUID, UUID](db_index=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    ended_as = models.CharField(max_length=10, choices=StayEnd.choices, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="enrolment_one_open", fields=["student"], condition=Q(end_on__isnull=True)),
            models.CheckConstraint(
                name="enrolment_interval", condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student_id} {self.start_on}"


class PupilPin(ScopedModel):
    """A pupil's PIN: sealed so that a slip can be printed again, and as an HMAC so that it can be checked quickly.

    The PIN is short; what protects it is the HMAC key outside the database and the lock after a few failures.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "pin": D2, "pin_mac": D2, "failures": D1, "locked_until": D1,
        "set_at": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.OneToOneField(Student, on_delete=models.CASCADE, related_name="pupil_pin")
    key_id = models.UUIDField[UUID, UUID]()
    pin = SealedField(coded=True)
    pin_mac = models.BinaryField[bytes, bytes](max_length=32)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.student_id)
