"""The signal, and the notices that tell people of it."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.alerts.states import Gate, GateState, Outcome, SignalState, Source, Urgency
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D4
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Signal(ScopedModel):
    """A sign that a child may be in trouble. `basis` (JSON, sealed) says which scale and items; `once` makes a replay
    of the same fact join the first: for a sitting it is `<source>:<sitting id>`.

    `evidence` orders signals of the same urgency: 0–100, from `engines.triage`. `told_at` is empty until somebody was
    told of it, which a job looks for every second. `gate` names the second gate it was led to, `gate_state` how it
    stands there since `gate_at`. `joined_to` is another open signal of the pupil whose clock, as strict or
    stricter, runs for both.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "source": D3, "urgency": D3, "evidence": D3, "basis": D4,
        "origin_kind": D1, "origin_id": D1, "once": D1, "raised_at": D1, "told_at": D1, "state": D1,
        "gate": D1, "gate_state": D3, "gate_at": D1,
        "acknowledged_at": D1, "acknowledged_by": D1, "outcome": D3, "closed_at": D1, "closed_by": D1, "joined_to": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="signals")
    key_id = models.UUIDField[UUID, UUID]()
    source = models.CharField(max_length=16, choices=Source.choices)
    urgency = models.CharField(max_length=8, choices=Urgency.choices)
    evidence = models.PositiveSmallIntegerField(default=0)
    basis = SealedField(null=True, coded=True)
    origin_kind = models.CharField(max_length=16)
    origin_id = models.UUIDField[UUID, UUID](db_index=True)
    once = models.CharField(max_length=64, unique=True)
    raised_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=SignalState.choices, default=SignalState.OPEN)
    gate = models.CharField(max_length=8, choices=Gate.choices, blank=True, default="")
    gate_state = models.CharField(max_length=8, choices=GateState.choices, blank=True, default="")
    gate_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField[UUID | None, UUID | None](null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField[UUID | None, UUID | None](null=True)
    joined_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="joined")

    class Meta:
        indexes = [
            models.Index(name="signal_untold", fields=["raised_at"], condition=Q(told_at__isnull=True)),
            models.Index(name="signal_by_state", fields=["state", "urgency", "raised_at"]),
            models.Index(name="signal_at_gate", fields=["gate_state", "gate"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="signal_acknowledged_when", condition=~Q(state="acknowledged") | Q(acknowledged_at__isnull=False)
            ),
            models.CheckConstraint(
                name="signal_closed_with_outcome",
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.urgency} {self.student_id}"


class Notice(ScopedModel):
    """One person told of one signal, on the highest rung that reached them. `place` is the school's.

    `ended_at` is set when it calls on them no more: they or someone else took the signal, or it was closed; a later
    climb takes that back.
    """

    DATA = {
        **SCOPED_DATA, "signal": D1, "staff_id": D1, "rung": D1, "role": D1, "created_at": D1, "shown_at": D1,
        "acknowledged_at": D1, "ended_at": D1,
    }  # fmt: skip
    SCOPE = ("signal__student__place",)

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="notices")
    staff_id = models.UUIDField[UUID, UUID](db_index=True)
    rung = models.PositiveSmallIntegerField(default=0)
    role = models.CharField(max_length=24)
    created_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="notice_calling", fields=["staff_id"], condition=Q(ended_at__isnull=True))]
        constraints = [models.UniqueConstraint(name="notice_once", fields=["signal", "staff_id"])]

    def __str__(self) -> str:
        return f"{self.signal_id} {self.staff_id}"
