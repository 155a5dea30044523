"""A turn of the school year at one school, and the steps in which it is written."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1
from xinqiao.register.years.states import StepKind, TurnState


class YearTurn(ScopedModel):
    """One school's way into the school year that begins in `starts_in`; `on` is the first day that counts.

    `plan` (see rules.Plan) holds ids and keys, no names. `key_id` seals the lists of pupils in the audit.
    `token` is the lease of whoever writes.
    """

    DATA = {
        **SCOPED_DATA, "unit_id": D1, "key_id": D1, "starts_in": D1, "on": D1, "state": D1, "plan": D1, "digest": D1,
        "drafted_by": D1, "drafted_at": D1, "changed_at": D1, "accepted_by": D1, "accepted_at": D1,
        "finished_at": D1, "token": D1, "worked_at": D1,
    }  # fmt: skip

    unit_id = models.UUIDField[UUID, UUID]()
    key_id = models.UUIDField[UUID, UUID]()
    starts_in = models.PositiveSmallIntegerField()
    on = models.DateField()
    state = models.CharField(max_length=10, choices=TurnState.choices, default=TurnState.DRAFT)
    plan = models.JSONField[dict[str, Any], dict[str, Any]](default=dict)
    digest = models.CharField(max_length=64, blank=True)
    drafted_by = models.UUIDField[UUID, UUID]()
    drafted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    accepted_by = models.UUIDField[UUID | None, UUID | None](null=True)
    accepted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    token = models.CharField(max_length=32, blank=True)
    worked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="yearturn_state", fields=["state", "on"])]
        constraints = [
            models.UniqueConstraint(
                name="yearturn_one_open", fields=["place"], condition=Q(state__in=["draft", "accepted", "writing"])
            ),
            models.CheckConstraint(
                name="yearturn_accepted_when",
                condition=~Q(state__in=["accepted", "writing", "done"]) | Q(accepted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_in} {self.state}"


class TurnStep(ScopedModel):
    """One step of an accepted turn; `done_at` is set in the transaction that writes it.

    `skipped` lists the ids of those for whom it could not be written any more, each with the reason's code.
    """

    DATA = {
        **SCOPED_DATA, "turn": D1, "number": D1, "kind": D1, "key": D1, "done_at": D1, "pupils": D1, "skipped": D1,
    }  # fmt: skip

    turn = models.ForeignKey(YearTurn, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    key = models.CharField(max_length=80)
    done_at = models.DateTimeField(null=True)
    pupils = models.PositiveSmallIntegerField(default=0)
    skipped = models.JSONField[dict[str, str], dict[str, str]](default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(name="turnstep_once", fields=["turn", "number"])]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
