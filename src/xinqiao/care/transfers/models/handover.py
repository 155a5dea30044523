"""What a school that was left owes: the file of one pupil, to the next school."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.transfers.states import HandoverState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Handover(ScopedModel):
    """One leaving of one pupil. `place` is the school that was left, `class_id` the last class, `left_on` the day.

    `target_id` is the school the file was sent to, `sections` the codes of what went, comma-separated. `reason` says
    why it was not handed over, or why the next school sent it back. What went is with the arrival, not here.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "class_id": D1, "left_on": D1, "state": D1, "due_at": D1,
        "target_id": D1, "sections": D3, "has_consent": D1, "decided_by": D1, "decided_at": D1, "ended_at": D1,
        "reason": D5,
    }  # fmt: skip

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="handovers")
    key_id = models.UUIDField[UUID, UUID]()
    class_id = models.UUIDField[UUID | None, UUID | None](null=True, db_index=True)
    left_on = models.DateField()
    state = models.CharField(max_length=8, choices=HandoverState.choices, default=HandoverState.OWED)
    due_at = models.DateTimeField()
    target_id = models.UUIDField[UUID | None, UUID | None](null=True)
    sections = models.CharField(max_length=400, blank=True)
    has_consent = models.BooleanField(default=False)
    decided_by = models.UUIDField[UUID | None, UUID | None](null=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="handover_one_running", fields=["student"], condition=~Q(state__in=("done", "kept", "back"))
            ),
            models.CheckConstraint(
                name="handover_sent_where",
                condition=~Q(state__in=("sent", "taken", "done"))
                | (Q(target_id__isnull=False) & Q(decided_by__isnull=False) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="handover_kept_why",
                condition=~Q(state="kept") | (Q(decided_by__isnull=False) & Q(reason__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student_id} {self.state}"
