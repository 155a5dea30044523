"""What class teachers saw in their classes, and what is done about it by category."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.screening.models.campaign import Campaign
from xinqiao.care.screening.states import EducationPlanState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3
from xinqiao.foundation.keys.fields import SealedField


class ClassObservation(ScopedModel):
    """What one class is like to those who teach it, at the time of a screening; it speaks of nobody by name. `place` is
    the class's; `marks` (JSON) lists codes of `states.ClassMark`; the words are sealed under a key of the row's own."""

    DATA = {
        **SCOPED_DATA, "campaign": D1, "class_id": D1, "key_id": D1, "marks": D3, "words": D3, "written_by": D1,
        "written_at": D1,
    }  # fmt: skip

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="observations")
    class_id = models.UUIDField[UUID, UUID]()
    key_id = models.UUIDField[UUID, UUID]()
    marks = models.TextField(default="[]")
    words = SealedField(null=True)
    written_by = models.UUIDField[UUID, UUID]()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="classobservation_once", fields=["campaign", "class_id"])]

    def __str__(self) -> str:
        return f"{self.class_id} {self.written_at}"


class EducationPlan(ScopedModel):
    """What is done for some classes about one kind of difficulty (SOURCE: S2a-3.1d). `category` is the key of a score
    (`scale.subscale`) or empty for another; `class_ids` (JSON) the classes; `observations` counts the class teachers
    who had been heard when it was made."""

    DATA = {
        **SCOPED_DATA, "campaign": D1, "category": D1, "title": D1, "class_ids": D1, "aim": D1, "measures": D1,
        "owner_id": D1, "starts_on": D1, "due_on": D1, "state": D1, "observations": D1, "written_by": D1,
        "written_at": D1, "outcome": D1, "finished_by": D1, "finished_at": D1,
    }  # fmt: skip

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="education_plans")
    category = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=80)
    class_ids = models.TextField(default="[]")
    aim = models.TextField()
    measures = models.TextField()
    owner_id = models.UUIDField[UUID, UUID]()
    starts_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=EducationPlanState.choices, default=EducationPlanState.RUNNING)
    observations = models.PositiveSmallIntegerField()
    written_by = models.UUIDField[UUID, UUID]()
    written_at = models.DateTimeField()
    outcome = models.TextField(blank=True)
    finished_by = models.UUIDField[UUID | None, UUID | None](null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="educationplan_dates", condition=Q(due_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="educationplan_finished_with_outcome",
                condition=~Q(state="finished") | (Q(finished_at__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title
