"""A published version of a scale."""

from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.foundation.core.data_classes import D0, D1
from xinqiao.foundation.core.models import BaseModel
from xinqiao.foundation.core.places import PlaceField


class ScaleVersion(BaseModel):
    """One published version: `definition` is the pack file as JSON, with wording where it may be shown.

    `place` is empty for what ships with the product, else the unit whose imported wording this is; only that unit and
    those below may use it, up to `licensed_until` where its licence names an end. Rows are
    never changed (a trigger refuses it) but for `retired_at`.
    """

    DATA = {
        "id": D1, "code": D0, "version": D0, "place": D1, "definition": D1, "digest": D0, "has_wording": D0,
        "published_at": D0, "published_by": D1, "retired_at": D0, "licensed_until": D1,
    }  # fmt: skip

    code = models.CharField(max_length=24, db_index=True)
    version = models.CharField(max_length=24)
    place = PlaceField(blank=True)
    definition = models.TextField()
    digest = models.CharField(max_length=64)
    has_wording = models.BooleanField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField[UUID | None, UUID | None](null=True)
    retired_at = models.DateTimeField(null=True)
    licensed_until = models.DateField[date | None, date | None](null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="scaleversion_once", fields=["code", "version", "place"]),
            models.CheckConstraint(name="scaleversion_code_named", condition=~Q(code="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
