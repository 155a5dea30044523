"""A follow-up: one dated look after a child in care, or a talk with the family."""

from uuid import UUID

from django.db import models

from xinqiao.care.crisis.models.case import Case
from xinqiao.care.crisis.states import Way, Whom
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D5
from xinqiao.foundation.keys.fields import SealedField


class FollowUp(ScopedModel):
    """When, how and with whom; what was seen and what was found of the danger is sealed.

    `next_on` is the day it set for the next one with the pupil; empty for a talk with the guardians, which sets none.
    """

    DATA = {
        **SCOPED_DATA, "case": D1, "key_id": D1, "held_at": D1, "held_by": D1, "way": D1, "whom": D1, "seen_words": D5,
        "finding": D5, "next_on": D1, "recorded_at": D1,
    }  # fmt: skip
    SCOPE = ("case__student__place",)

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    key_id = models.UUIDField[UUID, UUID]()
    held_at = models.DateTimeField()
    held_by = models.UUIDField[UUID, UUID]()
    way = models.CharField(max_length=12, choices=Way.choices)
    whom = models.CharField(max_length=8, choices=Whom.choices)
    seen_words = SealedField()
    finding = SealedField(null=True, coded=True)
    next_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.held_at}"
