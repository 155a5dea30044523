"""The light growth plan that every pupil has each term."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class GrowthPlan(ScopedModel):
    """One version of a pupil's plan of one term: strengths, what is aimed at, who helps, when it is looked at again.

    `year` is the year in which the school year began, `term` its number. Earlier versions and terms are kept. A plan
    says nothing of results or talks: class teachers write and read it.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "year": D1, "term": D1, "number": D1, "is_current": D1,
        "strengths": D3, "aim": D3, "helps": D3, "look_on": D3, "written_by": D1, "written_at": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="growth_plans")
    key_id = models.UUIDField[UUID, UUID]()
    year = models.PositiveSmallIntegerField()
    term = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    is_current = models.BooleanField(default=True)
    strengths = SealedField()
    aim = SealedField()
    helps = SealedField()
    look_on = models.DateField()
    written_by = models.UUIDField[UUID, UUID]()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="growthplan_once", fields=["student", "year", "term", "number"]),
            models.UniqueConstraint(
                name="growthplan_one_current", fields=["student", "year", "term"], condition=Q(is_current=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student_id} {self.year}-{self.term} {self.number}"
