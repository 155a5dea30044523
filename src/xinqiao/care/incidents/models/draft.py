"""The draft of a message about an incident."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.incidents.models.incident import Incident
from xinqiao.care.incidents.states import Audience, DraftState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D5
from xinqiao.foundation.keys.fields import SealedField


class MessageDraft(ScopedModel):
    """One message to be given out by hand: for whom, in which language, the text, who wrote it, who looked at it, and
    to whom it was given when.

    `text` names no pupil of the incident and is sealed under its key. The second person is not the writer. `version`
    counts how often it was written, so that what was looked at is what is given out. `once` comes with the form.
    """

    DATA = {
        **SCOPED_DATA, "incident": D1, "key_id": D1, "once": D1, "audience": D1, "language": D1, "state": D1,
        "version": D1, "text": D5, "written_by": D1, "written_at": D1, "checked_by": D1, "checked_at": D1,
        "given_by": D1, "given_at": D1, "given_to": D5, "reason": D5,
    }  # fmt: skip

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="drafts")
    key_id = models.UUIDField[UUID, UUID]()
    once = models.UUIDField[UUID, UUID](unique=True)
    audience = models.CharField(max_length=15, choices=Audience.choices)
    language = models.CharField(max_length=7)
    state = models.CharField(max_length=7, choices=DraftState.choices, default=DraftState.WRITTEN)
    version = models.PositiveSmallIntegerField(default=1)
    text = SealedField()
    written_by = models.UUIDField[UUID, UUID]()
    written_at = models.DateTimeField()
    checked_by = models.UUIDField[UUID | None, UUID | None](null=True)
    checked_at = models.DateTimeField(null=True)
    given_by = models.UUIDField[UUID | None, UUID | None](null=True)
    given_at = models.DateTimeField(null=True)
    given_to = SealedField(null=True)
    reason = SealedField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="messagedraft_second_person",
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="messagedraft_given_whole",
                condition=~Q(state="given")
                | Q(given_at__isnull=False, given_by__isnull=False, given_to__isnull=False, checked_by__isnull=False,
                    checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="messagedraft_dropped_why", condition=~Q(state="dropped") | Q(reason__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.audience} {self.state}"
