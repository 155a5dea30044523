"""The day on which a class of a campaign sits."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.screening.models.campaign import Campaign
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class ClassDay(ScopedModel):
    """When a class (`place`) sits; a class of a campaign without such a row sits in the campaign's own window."""

    DATA = {**SCOPED_DATA, "campaign": D1, "class_id": D1, "opens_at": D1, "closes_at": D1}

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="class_days")
    class_id = models.UUIDField[UUID, UUID]()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="classday_once", fields=["campaign", "class_id"]),
            models.CheckConstraint(name="classday_window", condition=Q(closes_at__gt=F("opens_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.class_id} {self.opens_at}"
