"""What the talks after one campaign say of one flag."""

from django.db import models

from xinqiao.care.screening.models.campaign import Campaign
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3


class MeasuredFlag(ScopedModel):
    """How one flag of an ended campaign stands against the talks, counted again whenever another talk is settled.

    `strata` is JSON, `[[is_flagged, pupils, talked_to, needed], ...]` as in `engines.accuracy`; `talks` is how many
    talks had been settled when it was counted.
    """

    DATA = {
        **SCOPED_DATA, "campaign": D1, "scale_code": D1, "flag": D1, "strata": D3, "talks": D1, "measured_at": D1,
    }  # fmt: skip

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="measured_flags")
    scale_code = models.CharField(max_length=40)
    flag = models.CharField(max_length=40)
    strata = models.TextField()
    talks = models.PositiveIntegerField()
    measured_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="measuredflag_once", fields=["campaign", "scale_code", "flag"]),
        ]

    def __str__(self) -> str:
        return f"{self.scale_code} {self.flag} {self.campaign_id}"
