"""Guardians, and the dated ties by which people besides the class reach a pupil."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models.student import Student
from xinqiao.register.people.states import Relation, TieKind


class Guardian(ScopedModel):
    """A guardian, known by name and phone; `place` is the school's."""

    DATA = {**SCOPED_DATA, "key_id": D1, "name": D2, "phone": D2, "phone_index": D2}

    key_id = models.UUIDField[UUID, UUID]()
    name = SealedField()
    phone = SealedField(null=True, coded=True)
    phone_index = models.BinaryField[bytes | None, bytes | None](max_length=16, null=True, db_index=True)

    def __str__(self) -> str:
        return str(self.id)


class Tie(ScopedModel):
    """Why a person may reach a pupil: [start_on, end_on). `person_id` is a guardian's or a staff member's id."""

    DATA = {
        **SCOPED_DATA, "student": D1, "kind": D1, "person_id": D1, "relation": D2, "start_on": D1, "end_on": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="ties")
    kind = models.CharField(max_length=10, choices=TieKind.choices)
    person_id = models.UUIDField[UUID, UUID](db_index=True)
    relation = models.CharField(max_length=12, choices=Relation.choices, blank=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="tie_one_open", fields=["student", "kind", "person_id"], condition=Q(end_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.student_id}"
