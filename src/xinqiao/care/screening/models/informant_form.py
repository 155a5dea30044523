"""What others are asked about the pupils of a campaign."""

from uuid import UUID

from django.db import models

from xinqiao.care.screening.models.campaign import Campaign
from xinqiao.care.sheets.states import Informant
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D0, D1


class InformantForm(ScopedModel):
    """The form of one campaign for its pupils' guardians, or for their class teachers.

    Its id is the origin of its sittings, so that whoever counts the sittings of the campaign never counts these.
    `scale_ids` (JSON) are its scales; `grades` (JSON) lists `[stage, entry_year]` of those whom it is about: also of
    grades too young to answer themselves. `paper_id` is set at the launch.
    """

    DATA = {**SCOPED_DATA, "campaign": D1, "informant": D0, "scale_ids": D1, "grades": D1, "paper_id": D1}

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="informant_forms")
    informant = models.CharField(max_length=8, choices=Informant.choices)
    scale_ids = models.TextField(default="[]")
    grades = models.TextField(default="[]")
    paper_id = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="informantform_once", fields=["campaign", "informant"]),
            models.CheckConstraint(name="informantform_of_others", condition=~models.Q(informant="self")),
        ]

    def __str__(self) -> str:
        return f"{self.informant} {self.campaign_id}"
