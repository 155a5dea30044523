"""Item parameters of a published version of a scale."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.scales.models.scale import ScaleVersion
from xinqiao.foundation.core.data_classes import D0, D1
from xinqiao.foundation.core.models import BaseModel
from xinqiao.foundation.core.places import PlaceField


class ItemParameterSet(BaseModel):
    """What a calibration found for one version of a scale: a slope and thresholds an item, no answers and no pupils.

    `place` is the unit that loaded them; they hold there and below, for the wording in `language`. `definition` is the
    file as JSON, `expected` what simulated pupils showed with the rule in force when it was loaded, `expected_precise`
    the same where a precision is asked for too (with that `precision`; "" where it was loaded before there was one).
    Rows never change (a trigger refuses it) but for `retired_at`.
    """

    DATA = {
        "id": D1, "version": D0, "place": D1, "language": D0, "definition": D1, "digest": D1, "sheets": D1,
        "source": D1,
        "calibrated_on": D1, "expected": D1, "expected_precise": D1, "loaded_at": D1, "loaded_by": D1, "retired_at": D1,
    }  # fmt: skip

    version = models.ForeignKey(ScaleVersion, on_delete=models.PROTECT, related_name="parameter_sets")
    place = PlaceField()
    language = models.CharField(max_length=10, default="zh-hans")
    definition = models.TextField()
    digest = models.CharField(max_length=64)
    sheets = models.PositiveIntegerField()
    source = models.CharField(max_length=300)
    calibrated_on = models.DateField(null=True)
    expected = models.TextField()
    expected_precise = models.TextField(default="", blank=True)
    loaded_at = models.DateTimeField()
    loaded_by = models.UUIDField[UUID | None, UUID | None](null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="parameterset_one_in_force", fields=["version", "place"], condition=Q(retired_at=None)
            ),
            models.CheckConstraint(name="parameterset_sourced", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.digest[:12]}"
