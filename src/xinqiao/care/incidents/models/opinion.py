"""What the public says of an incident."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.incidents.models.incident import Incident
from xinqiao.care.incidents.states import Grave, OpinionState, Truth
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D5
from xinqiao.foundation.keys.fields import SealedField


class OpinionItem(ScopedModel):
    """One thing that was found said of an incident: where it stands, what it says in short, when it was found; how it
    was judged and who answers it; what was answered, where and when; how it ended.

    All words are sealed under the incident's key and name no pupil of it. `due_at` is the running clock's.
    `is_counted` says that the policy of the day let bureaus know that it exists and how long its steps took.
    """

    DATA = {
        **SCOPED_DATA, "incident": D1, "key_id": D1, "once": D1, "found_at": D1, "where": D5, "says": D5, "link": D5,
        "is_counted": D1, "collected_by": D1, "collected_at": D1, "due_at": D1, "state": D1, "grave": D1, "truth": D1,
        "judgement": D5, "answerer": D1, "judged_by": D1, "judged_at": D1, "answer": D5, "answered_where": D5,
        "answered_by": D1, "answered_at": D1, "closing": D5, "closed_by": D1, "closed_at": D1,
    }  # fmt: skip

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="opinions")
    key_id = models.UUIDField[UUID, UUID]()
    once = models.UUIDField[UUID, UUID](unique=True)
    found_at = models.DateTimeField()
    where = SealedField()
    says = SealedField()
    link = SealedField(null=True)
    is_counted = models.BooleanField()
    collected_by = models.UUIDField[UUID, UUID]()
    collected_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=OpinionState.choices, default=OpinionState.FOUND)
    grave = models.CharField(max_length=8, choices=Grave.choices, blank=True, default="")
    truth = models.CharField(max_length=7, choices=Truth.choices, blank=True, default="")
    judgement = SealedField(null=True)
    answerer = models.UUIDField[UUID | None, UUID | None](null=True)
    judged_by = models.UUIDField[UUID | None, UUID | None](null=True)
    judged_at = models.DateTimeField(null=True)
    answer = SealedField(null=True)
    answered_where = SealedField(null=True)
    answered_by = models.UUIDField[UUID | None, UUID | None](null=True)
    answered_at = models.DateTimeField(null=True)
    closing = SealedField(null=True)
    closed_by = models.UUIDField[UUID | None, UUID | None](null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="opinionitem_judged_whole",
                condition=Q(state="found", judged_at__isnull=True)
                | (~Q(state="found") & ~Q(grave="") & ~Q(truth="") & Q(judged_at__isnull=False)
                   & Q(judged_by__isnull=False) & Q(answerer__isnull=False)),
            ),
            models.CheckConstraint(
                name="opinionitem_answered_whole",
                condition=~Q(state="answered")
                | Q(answered_at__isnull=False, answered_by__isnull=False, answer__isnull=False,
                    answered_where__isnull=False),
            ),
            models.CheckConstraint(
                name="opinionitem_closed_whole",
                condition=~Q(state="closed") & Q(closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False, closed_by__isnull=False, closing__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.incident_id} {self.state}"
