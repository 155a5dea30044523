"""A file that came to the next school."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.transfers.models.handover import Handover
from xinqiao.care.transfers.states import ArrivalState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Arrival(ScopedModel):
    """One file on its way to one school. `place` is the next school, `from_id` the school before.

    `parcel` holds what was sent (`parcel.Parcel`) under a key of its own; taken in, it is sealed under the key of the
    pupil here and the key of the way is destroyed, so that it is opened once. Sent back or called back, it is emptied.
    """

    DATA = {
        **SCOPED_DATA, "handover": D1, "from_id": D1, "key_id": D1, "parcel": D5, "state": D1, "arrived_at": D1,
        "due_at": D1, "student": D1, "taken_by": D1, "taken_at": D1, "ended_by": D1, "ended_at": D1,
    }  # fmt: skip

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="arrivals")
    from_id = models.UUIDField[UUID, UUID]()
    key_id = models.UUIDField[UUID, UUID]()
    parcel = SealedField(null=True, coded=True)
    state = models.CharField(max_length=8, choices=ArrivalState.choices, default=ArrivalState.WAITING)
    arrived_at = models.DateTimeField()
    due_at = models.DateTimeField()
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="arrivals", null=True)
    taken_by = models.UUIDField[UUID | None, UUID | None](null=True)
    taken_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField[UUID | None, UUID | None](null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="arrival_once", fields=["handover"], condition=~Q(state__in=("declined", "recalled"))
            ),
            models.CheckConstraint(
                name="arrival_taken_by_whom",
                condition=~Q(state__in=("taken", "done"))
                | (Q(student__isnull=False) & Q(taken_by__isnull=False) & Q(taken_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="arrival_gone_is_empty",
                condition=~Q(state__in=("declined", "recalled")) | Q(parcel__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.state}"
