"""A local norm of a published version of a scale."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.scales.models.scale import ScaleVersion
from xinqiao.foundation.core.data_classes import D0, D1
from xinqiao.foundation.core.models import BaseModel
from xinqiao.foundation.core.places import PlaceField


class LocalNorm(BaseModel):
    """How the scores of one version of a scale lay among the pupils of a unit (`place`) in one school year.

    Tables of groups, no answers and no pupils: `definition` is a `norm_file.NormFile` as JSON. `number` counts the
    norms of this version and unit from 1. Rows never change (a trigger refuses it) but for `retired_at`.
    """

    DATA = {
        "id": D1, "version": D0, "place": D1, "school_year": D1, "number": D1, "definition": D1, "digest": D1,
        "sheets": D1, "published_at": D1, "published_by": D1, "retired_at": D1,
    }  # fmt: skip

    version = models.ForeignKey(ScaleVersion, on_delete=models.PROTECT, related_name="local_norms")
    place = PlaceField()
    school_year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    definition = models.TextField()
    digest = models.CharField(max_length=64)
    sheets = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField[UUID | None, UUID | None](null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="localnorm_one_in_force", fields=["version", "place"], condition=Q(retired_at=None)
            ),
            models.UniqueConstraint(name="localnorm_numbered", fields=["version", "place", "number"]),
            models.CheckConstraint(name="localnorm_of_pupils", condition=Q(sheets__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.school_year}/{self.number}"
