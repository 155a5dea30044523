"""The sealed name behind a letter without a name, and the requests to open it."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.mailbox.models.letter import PupilLetter
from xinqiao.care.mailbox.states import NameState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D5, D6
from xinqiao.foundation.keys.fields import SealedField


class SealedName(ScopedModel):
    """Who wrote a letter without a name: the pupil's id, sealed under a key of its own that nothing else is under.

    Nothing in a row points from the letter to the pupil or back: only opening `who` does.
    """

    DATA = {**SCOPED_DATA, "letter": D1, "key_id": D1, "who": D6}

    letter = models.OneToOneField(PupilLetter, on_delete=models.PROTECT, related_name="sealed_name")
    key_id = models.UUIDField[UUID, UUID]()
    who = SealedField(coded=True)

    def __str__(self) -> str:
        return f"name {self.letter_id}"


class NameRequest(ScopedModel):
    """The opening of a sealed name: why, what the pupil is told, who decided. One at a time, and one rescue a letter.

    All words are sealed under the letter's key. `decided_by` is never `asked_by`, also for the database.
    """

    DATA = {
        **SCOPED_DATA, "letter": D1, "key_id": D1, "state": D1, "is_rescue": D1, "reason": D5, "told": D5,
        "decision": D5, "asked_by": D1, "asked_at": D1, "due_at": D1, "decided_by": D1, "decided_at": D1,
        "shown_at": D1, "signal_id": D1,
    }  # fmt: skip

    letter = models.ForeignKey(PupilLetter, on_delete=models.PROTECT, related_name="name_requests")
    key_id = models.UUIDField[UUID, UUID]()
    state = models.CharField(max_length=10, choices=NameState.choices)
    is_rescue = models.BooleanField(default=False)
    reason = SealedField()
    told = SealedField()
    decision = SealedField(null=True)
    asked_by = models.UUIDField[UUID, UUID]()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_by = models.UUIDField[UUID | None, UUID | None](null=True)
    decided_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    signal_id = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="namerequest_one_open", fields=["letter"], condition=Q(state__in=["asked", "approved"])
            ),
            models.UniqueConstraint(name="namerequest_one_rescue", fields=["letter"], condition=Q(is_rescue=True)),
            models.CheckConstraint(
                name="namerequest_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="namerequest_decided",
                condition=Q(state__in=["asked", "rescue"], decided_by__isnull=True)
                | (~Q(state__in=["asked", "rescue"]) & Q(decided_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.letter_id}"
