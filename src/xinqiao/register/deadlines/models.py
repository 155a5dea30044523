"""Deadlines."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3


class Deadline(ScopedModel):
    """One clock on one subject. `parameters` (JSON) and `pack_revision` are those it began with; `redated_for` is the
    revision by which it was moved since, if it was.

    `rung` counts how often it has climbed; `next_climb_at` is when it climbs next unless it is met.
    """

    DATA = {
        **SCOPED_DATA, "kind": D1, "subject_kind": D1, "subject_id": D1, "urgency": D3, "began_at": D1, "due_at": D1,
        "original_due_at": D1, "parameters": D1, "pack_revision": D1, "redated_for": D1, "met_at": D1, "met_by": D1,
        "rung": D1, "next_climb_at": D1, "cancelled_at": D1, "cancel_reason": D1,
    }  # fmt: skip

    kind = models.CharField(max_length=24)
    subject_kind = models.CharField(max_length=24)
    subject_id = models.UUIDField[UUID, UUID](db_index=True)
    urgency = models.CharField(max_length=8)
    began_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    original_due_at = models.DateTimeField()
    parameters = models.TextField(default="{}")
    pack_revision = models.CharField(max_length=64)
    redated_for = models.CharField(max_length=64, blank=True)
    met_at = models.DateTimeField(null=True)
    met_by = models.UUIDField[UUID | None, UUID | None](null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    next_climb_at = models.DateTimeField(null=True, db_index=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="deadline_one_open",
                fields=["kind", "subject_id"],
                condition=Q(met_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at}"
