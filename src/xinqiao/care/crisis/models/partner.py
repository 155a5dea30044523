"""Institutions to which a school or a county refers pupils."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.crisis.referral.states import PartnerKind
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class Partner(ScopedModel):
    """A hospital, the county's station, another institution: what was agreed with it, and until when.

    `place` is the school or bureau that keeps it; what a bureau keeps serves all schools below. Contact is that of a
    department, never a person's own number. It is never deleted: `left_on` says since when it takes nobody any more.
    """

    DATA = {
        **SCOPED_DATA, "name": D1, "kind": D1, "departments": D1, "capacity": D1, "contact": D1, "agreement": D1,
        "agreed_from": D1, "agreed_until": D1, "duties": D1, "written_by": D1, "written_at": D1, "left_on": D1,
        "left_by": D1,
    }  # fmt: skip

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=PartnerKind.choices)
    departments = models.CharField(max_length=120, blank=True)
    capacity = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=120)
    agreement = models.CharField(max_length=60, blank=True)
    agreed_from = models.DateField(null=True)
    agreed_until = models.DateField(null=True)
    duties = models.TextField(blank=True)
    written_by = models.UUIDField[UUID, UUID]()
    written_at = models.DateTimeField()
    left_on = models.DateField(null=True)
    left_by = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="partner_agreed_in_order",
                condition=Q(agreed_until__isnull=True)
                | (Q(agreed_from__isnull=False) & Q(agreed_until__gte=F("agreed_from"))),
            ),
            models.CheckConstraint(
                name="partner_left_by_whom", condition=Q(left_on__isnull=True) | Q(left_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
