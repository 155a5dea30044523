"""Whom an ended campaign reached in a class."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.screening.models.campaign import Campaign
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class ClassReach(ScopedModel):
    """What became of the pupils of a class (`place`) on the day its campaign ended: written once, never changed.

    Classes close and pupils leave at the turn of the year; what is said of an ended campaign stays. Every eligible
    pupil is in exactly one of the other counts (selectors.coverage.CoverageRow).
    """

    DATA = {
        **SCOPED_DATA, "campaign": D1, "class_id": D1, "eligible": D1, "sat": D1, "refused": D1, "unanswered": D1,
        "excused": D1, "missing": D1, "unseated": D1,
    }  # fmt: skip

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="class_reach")
    class_id = models.UUIDField[UUID, UUID]()
    eligible = models.PositiveIntegerField(default=0)
    sat = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    unanswered = models.PositiveIntegerField(default=0)
    excused = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    unseated = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="classreach_once", fields=["campaign", "class_id"]),
            models.CheckConstraint(
                name="classreach_each_pupil_once",
                condition=Q(
                    eligible=F("sat") + F("refused") + F("unanswered") + F("excused") + F("missing") + F("unseated")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.class_id} {self.sat}/{self.eligible}"
