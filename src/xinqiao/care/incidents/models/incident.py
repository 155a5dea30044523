"""An incident at a school, the lines that are to be done in it, and what was noted of its course."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.incidents.states import IncidentState, LineKind, LineState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D5
from xinqiao.foundation.keys.fields import SealedField


class Incident(ScopedModel):
    """One incident; `place` is the school's. `kind` is a code of the policy, `names` (JSON) what it was called then, by
    language. Everything in words is sealed under the incident's own key. `once` comes with the form."""

    DATA = {
        **SCOPED_DATA, "school_id": D1, "key_id": D1, "once": D1, "kind": D1, "names": D1, "happened_at": D1,
        "where": D5, "what": D5, "state": D1, "leader": D1, "opened_by": D1, "opened_at": D1, "closed_by": D1,
        "closed_at": D1, "closing": D5,
    }  # fmt: skip

    school_id = models.UUIDField[UUID, UUID](db_index=True)
    key_id = models.UUIDField[UUID, UUID]()
    once = models.UUIDField[UUID, UUID](unique=True)
    kind = models.CharField(max_length=40)
    names = models.TextField()
    happened_at = models.DateTimeField()
    where = SealedField()
    what = SealedField()
    state = models.CharField(max_length=6, choices=IncidentState.choices, default=IncidentState.OPEN)
    leader = models.UUIDField[UUID, UUID](db_index=True)
    opened_by = models.UUIDField[UUID, UUID]()
    opened_at = models.DateTimeField(db_index=True)
    closed_by = models.UUIDField[UUID | None, UUID | None](null=True)
    closed_at = models.DateTimeField(null=True)
    closing = SealedField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="incident_closed_whole",
                condition=Q(state="open", closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False, closed_by__isnull=False, closing__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at}"


class IncidentLine(ScopedModel):
    """One thing to be done in an incident, and what came of it: a step of the plan, an answer of a department, the
    arrival of the expert team, the review, an action of the review.

    `names` (JSON) is what the policy calls it, `asked` what somebody wrote. `due_at` is the clock's. Done, it says when
    it was done, by whom it was noted, who was reached or took part (`people`) and the words; waived, why.
    """

    DATA = {
        **SCOPED_DATA, "incident": D1, "key_id": D1, "once": D1, "kind": D1, "code": D1, "position": D1, "names": D1,
        "asked": D5, "added_by": D1, "owner": D1, "began_at": D1, "due_at": D1, "state": D1, "done_at": D1,
        "settled_by": D1, "settled_at": D1, "people": D5, "words": D5,
    }  # fmt: skip

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="lines")
    key_id = models.UUIDField[UUID, UUID]()
    once = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=6, choices=LineKind.choices)
    code = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    names = models.TextField(default="{}")
    asked = SealedField(null=True)
    added_by = models.UUIDField[UUID, UUID]()
    owner = models.UUIDField[UUID | None, UUID | None](null=True)
    began_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=LineState.choices, default=LineState.WAITING)
    done_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField[UUID | None, UUID | None](null=True)
    settled_at = models.DateTimeField(null=True)
    people = SealedField(null=True)
    words = SealedField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="incidentline_settled_whole",
                condition=Q(state="waiting", settled_at__isnull=True)
                | Q(state="done", settled_at__isnull=False, settled_by__isnull=False, done_at__isnull=False)
                | Q(state="waived", settled_at__isnull=False, settled_by__isnull=False, words__isnull=False),
            ),
            models.CheckConstraint(
                name="incidentline_action_owned", condition=~Q(kind="action") | Q(owner__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.code} {self.state}"


class IncidentNote(ScopedModel):
    """What somebody noted of the course of an incident: when it was, and the words."""

    DATA = {
        **SCOPED_DATA, "incident": D1, "key_id": D1, "once": D1, "at": D1, "words": D5, "noted_by": D1, "noted_at": D1,
    }  # fmt: skip

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notes")
    key_id = models.UUIDField[UUID, UUID]()
    once = models.UUIDField[UUID, UUID](unique=True)
    at = models.DateTimeField()
    words = SealedField()
    noted_by = models.UUIDField[UUID, UUID]()
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.incident_id} {self.at}"
