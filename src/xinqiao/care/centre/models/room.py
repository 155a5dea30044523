"""A room of a school's counselling centre, and the weekly times at which it is open."""

from decimal import Decimal
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.centre.states import During, Zone
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class CentreRoom(ScopedModel):
    """A room; `place` is the school's. `area_m2` is in square metres, `keeper_id` the member of staff in charge."""

    DATA = {
        **SCOPED_DATA, "school_id": D1, "name": D1, "zone": D1, "area_m2": D1, "equipment": D1, "keeper_id": D1,
        "closed_at": D1,
    }  # fmt: skip

    school_id = models.UUIDField[UUID, UUID](db_index=True)
    name = models.CharField(max_length=40)
    zone = models.CharField(max_length=12, choices=Zone.choices)
    area_m2 = models.DecimalField[Decimal | None, Decimal | None](max_digits=6, decimal_places=1, null=True)
    equipment = models.TextField(blank=True, default="")
    keeper_id = models.UUIDField[UUID | None, UUID | None](null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="centreroom_name_once", fields=["school_id", "name"], condition=Q(closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OpeningTime(ScopedModel):
    """A line of the weekly pattern: on this weekday (1 is Monday) the room is open, and who sits there, if anybody."""

    DATA = {
        **SCOPED_DATA, "school_id": D1, "room": D1, "weekday": D1, "start_at": D1, "end_at": D1, "during": D1,
        "staff_id": D1,
    }  # fmt: skip

    school_id = models.UUIDField[UUID, UUID](db_index=True)
    room = models.ForeignKey(CentreRoom, on_delete=models.PROTECT, related_name="openings")
    weekday = models.PositiveSmallIntegerField()
    start_at = models.TimeField()
    end_at = models.TimeField()
    during = models.CharField(max_length=12, choices=During.choices)
    staff_id = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="openingtime_once", fields=["room", "weekday", "start_at"]),
            models.CheckConstraint(name="openingtime_interval", condition=Q(end_at__gt=F("start_at"))),
            models.CheckConstraint(name="openingtime_weekday", condition=Q(weekday__gte=1, weekday__lte=7)),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start_at}"
