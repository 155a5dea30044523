"""The individual plan of a case: what is aimed at, who does what until when, and the one named helper."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.crisis.models.case import Case
from xinqiao.care.crisis.states import CaseState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField


class CarePlan(ScopedModel):
    """One version of a case's plan; earlier ones are kept. The helper reads `for_helper` and nothing else of it."""

    DATA = {
        **SCOPED_DATA, "case": D1, "key_id": D1, "number": D1, "is_current": D1, "goals": D5, "family_part": D5,
        "helper": D1, "for_helper": D3, "review_on": D3, "written_by": D1, "written_at": D1,
    }  # fmt: skip
    SCOPE = ("case__student__place",)

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plans")
    key_id = models.UUIDField[UUID, UUID]()
    number = models.PositiveSmallIntegerField()
    is_current = models.BooleanField(default=True)
    goals = SealedField()
    family_part = SealedField(null=True)
    helper = models.UUIDField[UUID, UUID](db_index=True)
    for_helper = SealedField()
    review_on = models.DateField()
    written_by = models.UUIDField[UUID, UUID]()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="careplan_once", fields=["case", "number"]),
            models.UniqueConstraint(name="careplan_one_current", fields=["case"], condition=Q(is_current=True)),
        ]

    @classmethod
    def scope(cls, actor: Actor, permission: Permission) -> Q:
        """Whoever helps reaches the plan in force of a pupil in care who was entrusted to them, and no other."""
        if permission is not Permission.HELPER_OWN:
            return super().scope(actor, permission)
        if actor.staff_id is None or not actor.can_somewhere(permission):
            return Q(pk__in=[])
        return Q(helper=actor.staff_id, is_current=True) & ~Q(case__state=CaseState.CLOSED)

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class Measure(ScopedModel):
    """One thing that is done under a plan, by whom, until when."""

    DATA = {**SCOPED_DATA, "plan": D1, "key_id": D1, "position": D1, "what": D5, "who": D5, "until": D1}
    SCOPE = ("plan__case__student__place",)

    plan = models.ForeignKey(CarePlan, on_delete=models.CASCADE, related_name="measures")
    key_id = models.UUIDField[UUID, UUID]()
    position = models.PositiveSmallIntegerField()
    what = SealedField()
    who = SealedField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="measure_once", fields=["plan", "position"])]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.position}"
