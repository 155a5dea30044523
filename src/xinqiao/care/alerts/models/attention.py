"""A pupil's attention level: what a class teacher may know."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.alerts.states import Level
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Attention(ScopedModel):
    """The level that a person set, with advice for those who meet the child; one open row a pupil, history kept.

    `basis` names what it rests on: interview, case, review.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "level": D3, "advice": D3, "basis_kind": D1, "basis_id": D1,
        "set_by": D1, "set_at": D1, "review_on": D3, "ended_at": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="attention")
    key_id = models.UUIDField[UUID, UUID]()
    level = models.CharField(max_length=8, choices=Level.choices)
    advice = SealedField(null=True)
    basis_kind = models.CharField(max_length=16)
    basis_id = models.UUIDField[UUID | None, UUID | None](null=True)
    set_by = models.UUIDField[UUID, UUID]()
    set_at = models.DateTimeField()
    review_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="attention_one_open", fields=["student"], condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.student_id}"
