"""The judgement: people who know the child look at what is known, together, and say how much care it needs."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.alerts.states import Level
from xinqiao.care.crisis.models.case import Case
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2, D3, D5
from xinqiao.foundation.keys.fields import SealedField


class Judgement(ScopedModel):
    """One sitting over one case; `number` counts them, so that of two at once only one is the next.

    `present` (JSON) are the ids of staff who sat, `others` who sat besides, in words. `evidence` (JSON) names what was
    looked at: `[[kind, id or ""], …]`, its kinds as in `evidence.py`; `looked_at` adds to it in words.
    """

    DATA = {
        **SCOPED_DATA, "case": D1, "key_id": D1, "number": D1, "held_at": D1, "recorded_at": D1, "recorded_by": D1,
        "present": D1, "others": D2, "evidence": D1, "has_static": D1, "has_dynamic": D1, "looked_at": D5, "level": D3,
        "level_before": D3, "reasons": D5, "advice": D3, "review_on": D3,
    }  # fmt: skip
    SCOPE = ("case__student__place",)

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="judgements")
    key_id = models.UUIDField[UUID, UUID]()
    number = models.PositiveSmallIntegerField()
    held_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField[UUID, UUID]()
    present = models.TextField()
    others = SealedField(null=True)
    evidence = models.TextField()
    has_static = models.BooleanField()
    has_dynamic = models.BooleanField()
    looked_at = SealedField(null=True)
    level = models.CharField(max_length=8, choices=Level.choices)
    level_before = models.CharField(max_length=8, choices=Level.choices, blank=True)
    reasons = SealedField()
    advice = SealedField(null=True)
    review_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="judgement_once", fields=["case", "number"]),
            models.CheckConstraint(name="judgement_counts_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"
