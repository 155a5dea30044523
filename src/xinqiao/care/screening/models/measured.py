"""What was measured of one score in one campaign that is over."""

from uuid import UUID

from django.db import models

from xinqiao.care.screening.models.campaign import Campaign
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class MeasuredScore(ScopedModel):
    """How exact one score was in the pupils of a closed campaign: written once, never changed.

    `complete` sheets made `alpha` and `sem` (in points of the score); both are null where nothing could be computed, or
    where the policy in force found the sheets too few.
    """

    DATA = {
        **SCOPED_DATA, "campaign": D1, "scale_id": D1, "score_id": D1, "complete": D1, "alpha": D1, "sem": D1,
        "measured_at": D1,
    }  # fmt: skip

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="measured_scores")
    scale_id = models.UUIDField[UUID, UUID]()
    score_id = models.CharField(max_length=40)
    complete = models.PositiveIntegerField()
    alpha = models.FloatField(null=True)
    sem = models.FloatField(null=True)
    measured_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="measuredscore_once", fields=["campaign", "scale_id", "score_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.score_id} {self.campaign_id}"
