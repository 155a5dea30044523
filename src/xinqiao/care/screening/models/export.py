"""The request to take named results out."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.screening.models.campaign import Campaign
from xinqiao.care.screening.states import ExportPurpose, ExportState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class ExportRequest(ScopedModel):
    """Named results of a campaign, or of one class of it, asked for as a spreadsheet.

    The file is made when it is fetched and kept nowhere. Of more than a few pupils a second person approves; nobody
    approves what they asked for.
    """

    DATA = {
        **SCOPED_DATA, "campaign": D1, "class_id": D1, "purpose": D1, "pupils": D1, "state": D1, "requested_by": D1,
        "requested_at": D1, "decided_by": D1, "decided_at": D1, "expires_at": D1, "fetches": D1,
    }  # fmt: skip

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="export_requests")
    class_id = models.UUIDField[UUID | None, UUID | None](null=True)
    purpose = models.CharField(max_length=12, choices=ExportPurpose.choices)
    pupils = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=ExportState.choices, default=ExportState.WAITING)
    requested_by = models.UUIDField[UUID, UUID]()
    requested_at = models.DateTimeField()
    decided_by = models.UUIDField[UUID | None, UUID | None](null=True)
    decided_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    fetches = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exportrequest_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="exportrequest_approved_until", condition=~Q(state="approved") | Q(expires_at__isnull=False)
            ),
            # 50: the security paper's bound, held here too so that no code path can step over it.
            models.CheckConstraint(
                name="exportrequest_many_need_two",
                condition=~Q(state="approved") | Q(pupils__lte=50) | Q(decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.campaign_id}"
