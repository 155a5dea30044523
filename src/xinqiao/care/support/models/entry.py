"""One pupil under one category of the register."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.support.states import EndReason, EntryState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class RegisterEntry(ScopedModel):
    """That a pupil is (or was, or is proposed to be) on the register under a category of the policy.

    `kind` is what stands behind the category, `reason` what was written down: both sealed under the pupil's key. An
    entry that is kept says since when (`since`), when it was last looked at and by when it is again; one ended: why.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "category": D3, "kind": D5, "reason": D5, "state": D3,
        "proposed_by": D1, "proposed_at": D1, "decided_by": D1, "decided_at": D1, "since": D3, "reviewed_on": D3,
        "reviewed_by": D1, "review_on": D3, "ended_on": D3, "ended_by": D1, "end_reason": D3,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="register_entries")
    key_id = models.UUIDField[UUID, UUID]()
    category = models.CharField(max_length=40)
    kind = SealedField(null=True, coded=True)
    reason = SealedField()
    state = models.CharField(max_length=8, choices=EntryState.choices)
    proposed_by = models.UUIDField[UUID | None, UUID | None](null=True)
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField[UUID | None, UUID | None](null=True)
    decided_at = models.DateTimeField(null=True)
    since = models.DateField(null=True)
    reviewed_on = models.DateField(null=True)
    reviewed_by = models.UUIDField[UUID | None, UUID | None](null=True)
    review_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_by = models.UUIDField[UUID | None, UUID | None](null=True)
    end_reason = models.CharField(max_length=12, choices=EndReason.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="registerentry_kept_once", fields=["student", "category"], condition=Q(state="kept")
            ),
            models.CheckConstraint(
                name="registerentry_kept_since",
                condition=~Q(state="kept") | (Q(since__isnull=False) & Q(review_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="registerentry_ended_why",
                condition=~Q(state="ended") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
            ),
            models.CheckConstraint(
                name="registerentry_proposed_by",
                condition=~Q(state="proposed") | (Q(proposed_by__isnull=False) & Q(proposed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.student_id}"
