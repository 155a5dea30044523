"""A joint activation of education and health for an incident: who leads, who was asked for what, how it stands."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.incidents.models.incident import Incident, IncidentLine
from xinqiao.care.incidents.states import JointState, PartState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2, D5
from xinqiao.foundation.keys.fields import SealedField


class JointActivation(ScopedModel):
    """What a county's officer and health began together; `place` is the school's. `level` is a code of the policy,
    `level_names` (JSON) what it was called. `partner_id` is an institution of the partner register, kept with name and
    contact as they were. `call` is the expert team's arrival at the school that belongs to it."""

    DATA = {
        **SCOPED_DATA, "incident": D1, "key_id": D1, "once": D1, "level": D1, "level_names": D1, "grounds": D5,
        "partner_id": D1, "partner_name": D1, "partner_contact": D1, "lead_education": D1, "lead_health": D2,
        "call": D1, "state": D1, "opened_by": D1, "opened_at": D1, "situation_due_at": D1, "ended_by": D1,
        "ended_at": D1, "ending": D5,
    }  # fmt: skip

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="activations")
    key_id = models.UUIDField[UUID, UUID]()
    once = models.UUIDField[UUID, UUID](unique=True)
    level = models.CharField(max_length=40)
    level_names = models.TextField()
    grounds = SealedField()
    partner_id = models.UUIDField[UUID, UUID]()
    partner_name = models.CharField(max_length=80)
    partner_contact = models.CharField(max_length=120)
    lead_education = models.UUIDField[UUID, UUID]()
    lead_health = SealedField()
    call = models.ForeignKey(IncidentLine, on_delete=models.PROTECT, null=True, related_name="activations")
    state = models.CharField(max_length=6, choices=JointState.choices, default=JointState.ACTIVE)
    opened_by = models.UUIDField[UUID, UUID]()
    opened_at = models.DateTimeField()
    situation_due_at = models.DateTimeField()
    ended_by = models.UUIDField[UUID | None, UUID | None](null=True)
    ended_at = models.DateTimeField(null=True)
    ending = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="joint_one_active", fields=["incident"], condition=Q(state="active")),
            models.CheckConstraint(
                name="joint_ended_whole",
                condition=Q(state="active", ended_at__isnull=True)
                | Q(state="ended", ended_at__isnull=False, ended_by__isnull=False, ending__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.state}"


class JointPart(ScopedModel):
    """What a partner was asked for, and what it contributes: how many people (`people`), from when (`arrives_at`)."""

    DATA = {
        **SCOPED_DATA, "activation": D1, "key_id": D1, "once": D1, "whom": D1, "asked": D5, "asked_by": D1,
        "asked_at": D1, "due_at": D1, "state": D1, "people": D1, "arrives_at": D1, "answered_at": D1,
        "settled_by": D1, "settled_at": D1, "words": D5,
    }  # fmt: skip

    activation = models.ForeignKey(JointActivation, on_delete=models.PROTECT, related_name="parts")
    key_id = models.UUIDField[UUID, UUID]()
    once = models.UUIDField[UUID, UUID](unique=True)
    whom = models.CharField(max_length=80)
    asked = SealedField()
    asked_by = models.UUIDField[UUID, UUID]()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=PartState.choices, default=PartState.WAITING)
    people = models.PositiveSmallIntegerField(null=True)
    arrives_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField[UUID | None, UUID | None](null=True)
    settled_at = models.DateTimeField(null=True)
    words = SealedField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="jointpart_settled_whole",
                condition=Q(state="waiting", answered_at__isnull=True, settled_at__isnull=True)
                | Q(state="promised", people__gte=1, arrives_at__isnull=False, answered_at__isnull=False,
                    settled_at__isnull=True)
                | Q(state="came", people__gte=1, arrives_at__isnull=False, settled_at__isnull=False,
                    settled_by__isnull=False)
                | Q(state__in=("declined", "waived"), settled_at__isnull=False, settled_by__isnull=False,
                    words__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.whom} {self.state}"


class JointNote(ScopedModel):
    """One line of how it stands: when it was, and the words. It names no pupil."""

    DATA = {
        **SCOPED_DATA, "activation": D1, "key_id": D1, "once": D1, "at": D1, "words": D5, "noted_by": D1,
        "noted_at": D1,
    }  # fmt: skip

    activation = models.ForeignKey(JointActivation, on_delete=models.PROTECT, related_name="notes")
    key_id = models.UUIDField[UUID, UUID]()
    once = models.UUIDField[UUID, UUID](unique=True)
    at = models.DateTimeField()
    words = SealedField()
    noted_by = models.UUIDField[UUID, UUID]()
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.activation_id} {self.at}"
