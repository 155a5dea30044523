"""The case: one child in care, from the first judgement to an end with a reason."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.crisis.states import CaseState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D6
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Case(ScopedModel):
    """That a pupil is in care; one open case a pupil. `owner` is the member of staff who leads it.

    The level is no column: it is what the last judgement said, kept by alerts. `end_words` says why it was closed.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "state": D3, "owner": D1, "opened_at": D1, "opened_by": D1,
        "closed_at": D1, "closed_by": D1, "end_reason": D3, "end_words": D6,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="cases")
    key_id = models.UUIDField[UUID, UUID]()
    state = models.CharField(max_length=8, choices=CaseState.choices, default=CaseState.OPEN)
    owner = models.UUIDField[UUID, UUID](db_index=True)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField[UUID, UUID]()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField[UUID | None, UUID | None](null=True)
    end_reason = models.CharField(max_length=16, blank=True)
    end_words = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="case_one_open", fields=["student"], condition=~Q(state="closed")),
            models.CheckConstraint(
                name="case_closed_why",
                condition=~Q(state="closed")
                | (Q(closed_at__isnull=False) & Q(closed_by__isnull=False) & ~Q(end_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.student_id}"
