"""The waiting list: pupils for whom no hour is free, or none that suits."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.centre.models.booking import Booking
from xinqiao.care.centre.states import WaitingState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Waiting(ScopedModel):
    """That a pupil waits for an hour, once at a time. Wishes: `weekdays` as digits (1 is Monday), `parts` as codes of
    `PartOfDay` with blanks between; empty means any.

    `asked_by` holds the ids of the staff who asked for it, with blanks between; `is_own`: the pupil asked. `clocked_at`
    is empty until its clock runs; `words` says why it ended without an hour, sealed under the pupil's key.
    """

    DATA = {
        **SCOPED_DATA, "school_id": D1, "student": D1, "key_id": D1, "state": D3, "weekdays": D3, "parts": D3,
        "asked_by": D1, "is_own": D1, "since": D1, "clocked_at": D1, "booking": D1, "words": D5, "ended_at": D1,
        "ended_by": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    school_id = models.UUIDField[UUID, UUID](db_index=True)
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="waitings")
    key_id = models.UUIDField[UUID, UUID]()
    state = models.CharField(max_length=10, choices=WaitingState.choices, default=WaitingState.WAITING)
    weekdays = models.CharField(max_length=7, blank=True, default="")
    parts = models.CharField(max_length=40, blank=True, default="")
    asked_by = models.TextField(blank=True, default="")
    is_own = models.BooleanField(default=False)
    since = models.DateTimeField()
    clocked_at = models.DateTimeField(null=True)
    booking = models.ForeignKey(Booking, null=True, on_delete=models.PROTECT, related_name="waited")
    words = SealedField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="waiting_once", fields=["student"], condition=Q(state="waiting")),
            models.CheckConstraint(
                name="waiting_given_an_hour", condition=~Q(state="given") | Q(booking__isnull=False)
            ),
            models.CheckConstraint(
                name="waiting_ended_with_words", condition=~Q(state="ended") | Q(words__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.state} {self.student_id}"
