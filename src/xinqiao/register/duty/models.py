"""Shifts."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class DutyRole(models.TextChoices):
    """In which capacity someone is on duty."""

    PSYCHOLOGY = "psychology", _("Psychology teacher on duty")
    LEAD = "lead", _("School lead on duty")


class DutyShift(ScopedModel):
    """One person on duty for a school (`place`) during [start_at, end_at); a substitute says for whom."""

    DATA = {
        **SCOPED_DATA, "staff_id": D1, "role": D1, "start_at": D1, "end_at": D1, "substitute_for": D1,
        "cancelled_at": D1,
    }  # fmt: skip

    staff_id = models.UUIDField[UUID, UUID](db_index=True)
    role = models.CharField(max_length=12, choices=DutyRole.choices)
    start_at = models.DateTimeField(db_index=True)
    end_at = models.DateTimeField(db_index=True)
    substitute_for = models.UUIDField[UUID | None, UUID | None](null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="dutyshift_interval", condition=Q(end_at__gt=F("start_at"))),
            models.UniqueConstraint(
                name="dutyshift_once",
                fields=["place", "staff_id", "role", "start_at"],
                condition=Q(cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.start_at}"


class Absence(ScopedModel):
    """Someone of a school (`place`) is away from a day to a day, both included, and someone else stands in.

    Whoever would be named on the warning ladder is then replaced; shifts have substitutes of their own.
    """

    DATA = {
        **SCOPED_DATA, "staff_id": D1, "substitute_id": D1, "start_on": D1, "end_on": D1, "entered_by": D1,
        "ended_at": D1,
    }  # fmt: skip

    staff_id = models.UUIDField[UUID, UUID](db_index=True)
    substitute_id = models.UUIDField[UUID, UUID]()
    start_on = models.DateField()
    end_on = models.DateField(db_index=True)
    entered_by = models.UUIDField[UUID, UUID]()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="absence_interval", condition=Q(end_on__gte=F("start_on"))),
            models.CheckConstraint(name="absence_of_another", condition=~Q(staff_id=F("substitute_id"))),
            models.UniqueConstraint(
                name="absence_once", fields=["place", "staff_id", "start_on"], condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.start_on}"


class LastSeen(ScopedModel):
    """When a person on whom notices may call last had a page open that asks for them."""

    DATA = {**SCOPED_DATA, "staff_id": D1, "seen_at": D1}

    staff_id = models.UUIDField[UUID, UUID](unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.staff_id} {self.seen_at}"
