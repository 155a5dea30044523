"""The roster: who sits in which room from when to when."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.centre.models.room import CentreRoom
from xinqiao.care.centre.states import During
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class RosterHour(ScopedModel):
    """A stretch of one day in which a counsellor sits in a room; `place` is the school's.

    `instead_of` sat there before it was handed over. `is_by_hand`: changed or added for this day alone, so that writing
    the term anew leaves it. `dropped_at`: it does not take place. `nil_at`: it was noted that nobody came.
    """

    DATA = {
        **SCOPED_DATA, "school_id": D1, "room": D1, "staff_id": D1, "instead_of": D1, "start_at": D1, "end_at": D1,
        "during": D1, "is_by_hand": D1, "dropped_at": D1, "dropped_by": D1, "nil_at": D1,
        "nil_by": D1,
    }  # fmt: skip

    school_id = models.UUIDField[UUID, UUID](db_index=True)
    room = models.ForeignKey(CentreRoom, on_delete=models.PROTECT, related_name="hours")
    staff_id = models.UUIDField[UUID, UUID](db_index=True)
    instead_of = models.UUIDField[UUID | None, UUID | None](null=True)
    start_at = models.DateTimeField(db_index=True)
    end_at = models.DateTimeField()
    during = models.CharField(max_length=12, choices=During.choices)
    is_by_hand = models.BooleanField(default=False)
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.UUIDField[UUID | None, UUID | None](null=True)
    nil_at = models.DateTimeField(null=True)
    nil_by = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="rosterhour_room_once", fields=["room", "start_at"], condition=Q(dropped_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="rosterhour_staff_once", fields=["staff_id", "start_at"], condition=Q(dropped_at__isnull=True)
            ),
            models.CheckConstraint(name="rosterhour_interval", condition=Q(end_at__gt=F("start_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.start_at}"
