"""The secret address under which a calendar program fetches somebody's own hours."""

from uuid import UUID

from django.db import models

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class CalendarFeed(ScopedModel):
    """That a counsellor has an address; `place` is a school where the person sits. `mac` finds it again (HMAC-SHA256 of
    the signs, which are stored nowhere). `fetches` counts since `hour_at`; `fetched_at` is the last time."""

    DATA = {
        **SCOPED_DATA, "staff_id": D1, "mac": D1, "made_at": D1, "fetched_at": D1, "hour_at": D1, "fetches": D1,
    }  # fmt: skip

    staff_id = models.UUIDField[UUID, UUID](unique=True)
    mac = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)
    hour_at = models.DateTimeField()
    fetches = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.staff_id}"
