"""Whom a campaign of the register screens: the pupils as they stood at its launch."""

from django.db import models

from xinqiao.care.screening.models.campaign import Campaign
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3
from xinqiao.register.people.models import Student


class CampaignPupil(ScopedModel):
    """One pupil of a campaign of the register. Written at the launch and never changed; who leaves is excused."""

    DATA = {**SCOPED_DATA, "campaign": D1, "student": D3}
    SCOPE = ("student__place",)

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pupils")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="campaigns_of_register")

    class Meta:
        constraints = [models.UniqueConstraint(name="campaignpupil_once", fields=["campaign", "student"])]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.student_id}"
