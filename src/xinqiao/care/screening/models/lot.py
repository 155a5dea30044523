"""Pupils without a flag who were drawn by lot to be talked to as well."""

from uuid import UUID

from django.db import models

from xinqiao.care.screening.models.campaign import Campaign
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3
from xinqiao.register.people.models import Student


class Lot(ScopedModel):
    """The one draw of a campaign: from `pupils` without a signal, by `seed`; whoever has both draws the same again."""

    DATA = {**SCOPED_DATA, "campaign": D1, "seed": D1, "pupils": D1, "drawn_by": D1, "drawn_at": D1}

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="lot")
    seed = models.CharField(max_length=32)
    pupils = models.PositiveIntegerField()
    drawn_by = models.UUIDField[UUID, UUID]()
    drawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.seed}"


class LotDraw(ScopedModel):
    """One pupil who was drawn; `interview_id` once the talk was held. To be drawn says nothing about the pupil."""

    DATA = {**SCOPED_DATA, "lot": D1, "student": D1, "position": D1, "interview_id": D1, "outcome": D3}
    SCOPE = ("student__place",)

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="draws")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="lot_draws")
    position = models.PositiveSmallIntegerField()
    interview_id = models.UUIDField[UUID | None, UUID | None](null=True)
    outcome = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(name="lotdraw_once", fields=["lot", "student"])]

    def __str__(self) -> str:
        return f"{self.position} {self.student_id}"
