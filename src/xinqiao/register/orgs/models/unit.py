"""The unit: a node of the one tree."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.foundation.core.data_classes import D0, D1
from xinqiao.foundation.core.ids import new_unit_key
from xinqiao.foundation.core.models import BaseModel
from xinqiao.foundation.core.places import PlaceField
from xinqiao.register.orgs.states import Stage, UnitKind


class Unit(BaseModel):
    """A node of the tree. `path` is the place of everything kept here; `county_id` is the shard it belongs to.

    A grade and a class are cohorts: entry year, stage and number; what they are called this year is computed.
    `primary_years` (5 or 6) is asked of schools only. Schools that a city runs directly belong to the city's own shard.
    """

    DATA = {
        "id": D1, "key": D1, "parent": D1, "kind": D0, "code": D0, "name": D0, "path": D1, "county_id": D1,
        "stages": D0, "primary_years": D0, "entry_year": D0, "stage": D0, "number": D0, "has_boarders": D1,
        "is_closed": D1, "window_code": D1, "created_at": D1,
    }  # fmt: skip

    key = models.CharField(max_length=8, unique=True, default=new_unit_key, editable=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=16, choices=UnitKind.choices)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    path = PlaceField(unique=True)
    county_id = models.UUIDField[UUID | None, UUID | None](null=True, db_index=True)
    stages = models.CharField(max_length=80, blank=True)
    primary_years = models.PositiveSmallIntegerField(default=6)
    entry_year = models.PositiveSmallIntegerField(null=True)
    stage = models.CharField(max_length=16, choices=Stage.choices, blank=True)
    number = models.PositiveSmallIntegerField(null=True)
    has_boarders = models.BooleanField(default=False)
    is_closed = models.BooleanField(default=False)
    window_code = models.CharField(max_length=8, unique=True, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="unit_cohort_has_stage_and_year",
                condition=~Q(kind__in=["grade", "class"]) | (Q(entry_year__isnull=False) & ~Q(stage="")),
            ),
            models.CheckConstraint(
                name="unit_class_has_number", condition=~Q(kind="class") | Q(number__isnull=False)
            ),
            models.UniqueConstraint(
                name="unit_one_class_per_number", fields=["parent", "stage", "entry_year", "number"],
                condition=Q(kind="class"),
            ),
            models.CheckConstraint(name="unit_primary_years_5_or_6", condition=Q(primary_years__in=[5, 6])),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def shard_id(self) -> UUID:
        """The shard of what is kept here: the county, or the unit itself above counties."""
        return self.county_id or self.id

    @property
    def stage_list(self) -> list[str]:
        """The stages a school teaches."""
        return [stage for stage in self.stages.split(",") if stage]
