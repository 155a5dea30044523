"""The erasure of a pupil's psychological texts, asked for by a request."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.archives.models.request import FileRequest
from xinqiao.care.archives.states import ErasureState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1
from xinqiao.register.people.models import Student


class Erasure(ScopedModel):
    """One erasure: proposed, approved by a second person, carried out by the clock from `runs_at` on.

    `ended_by` is empty where the clock ended it. `rows` counts what went, once it is done. Nothing here points to the
    nameless row that takes over what is only counted.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "request": D1, "state": D1, "proposed_by": D1, "proposed_at": D1,
        "approved_by": D1, "approved_at": D1, "runs_at": D1, "ended_by": D1, "ended_at": D1, "rows": D1,
    }  # fmt: skip

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="erasures")
    request = models.ForeignKey(FileRequest, on_delete=models.PROTECT, related_name="erasures")
    state = models.CharField(max_length=8, choices=ErasureState.choices, default=ErasureState.PROPOSED)
    proposed_by = models.UUIDField[UUID, UUID]()
    proposed_at = models.DateTimeField()
    approved_by = models.UUIDField[UUID | None, UUID | None](null=True)
    approved_at = models.DateTimeField(null=True)
    runs_at = models.DateTimeField(null=True, db_index=True)
    ended_by = models.UUIDField[UUID | None, UUID | None](null=True)
    ended_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="erasure_one_live", fields=["student"], condition=Q(state__in=["proposed", "waiting"])
            ),
            models.CheckConstraint(
                name="erasure_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="erasure_approved_whole",
                condition=~Q(state__in=["waiting", "stopped", "done"])
                | (Q(approved_by__isnull=False) & Q(approved_at__isnull=False) & Q(runs_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="erasure_ended_when", condition=Q(state__in=["proposed", "waiting"]) | Q(ended_at__isnull=False)
            ),
            models.CheckConstraint(name="erasure_done_counted", condition=~Q(state="done") | Q(rows__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.request_id}"
