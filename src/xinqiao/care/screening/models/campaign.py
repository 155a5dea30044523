"""The campaign."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.screening.states import CampaignState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class Campaign(ScopedModel):
    """One screening of one school (`place`). `grades` (JSON) lists `[stage, entry_year]` of those screened; `scale_ids`
    (JSON) the battery; `pack_revision` the policy it was planned under."""

    DATA = {
        **SCOPED_DATA, "name": D1, "school_id": D1, "school_year": D1, "grades": D1, "scale_ids": D1, "paper_id": D1,
        "form_id": D1, "opens_at": D1, "closes_at": D1, "state": D1, "pack_revision": D1, "created_by": D1,
        "created_at": D1, "launched_at": D1, "closed_at": D1,
    }  # fmt: skip

    name = models.CharField(max_length=80)
    school_id = models.UUIDField[UUID, UUID]()
    school_year = models.PositiveSmallIntegerField()
    grades = models.TextField(default="[]")
    scale_ids = models.TextField(default="[]")
    paper_id = models.UUIDField[UUID | None, UUID | None](null=True)
    form_id = models.UUIDField[UUID | None, UUID | None](null=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=CampaignState.choices, default=CampaignState.DRAFT)
    pack_revision = models.CharField(max_length=64, blank=True)
    created_by = models.UUIDField[UUID, UUID]()
    created_at = models.DateTimeField()
    launched_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="campaign_window", condition=Q(closes_at__gt=F("opens_at")))]

    def __str__(self) -> str:
        return self.name
