"""Slots that can be booked, and who booked them."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.centre.models.roster import RosterHour
from xinqiao.care.centre.states import BookingState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Slot(ScopedModel):
    """One stretch of an hour of the roster that one pupil can book; `place` is the school's."""

    DATA = {**SCOPED_DATA, "school_id": D1, "hour": D1, "start_at": D1, "end_at": D1}

    school_id = models.UUIDField[UUID, UUID]()
    hour = models.ForeignKey(RosterHour, on_delete=models.CASCADE, related_name="slots")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="slot_once", fields=["hour", "start_at"]),
            models.CheckConstraint(name="slot_interval", condition=Q(end_at__gt=F("start_at"))),
        ]
        indexes = [models.Index(name="slot_of_school", fields=["school_id", "start_at"])]

    def __str__(self) -> str:
        return f"{self.start_at}"


class Booking(ScopedModel):
    """That a pupil has a slot. `seat` says which of the pupil's open bookings it is, so that the database counts them.

    `reason` is what the pupil or the teacher wrote, `followed` what came of asking after a pupil who stayed away; both
    sealed under the pupil's key. `is_own`: the pupil booked it; `reminded`: how many days before staff were
    reminded last.
    """

    DATA = {
        **SCOPED_DATA, "school_id": D1, "slot": D1, "student": D1, "key_id": D1, "state": D3, "seat": D1,
        "booked_by": D1, "is_own": D1, "reason": D5, "followed": D5, "booked_at": D1, "ended_at": D1, "ended_by": D1,
        "reminded": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    school_id = models.UUIDField[UUID, UUID](db_index=True)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="bookings")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="bookings")
    key_id = models.UUIDField[UUID, UUID]()
    state = models.CharField(max_length=10, choices=BookingState.choices, default=BookingState.OPEN)
    seat = models.PositiveSmallIntegerField()
    booked_by = models.UUIDField[UUID, UUID]()
    is_own = models.BooleanField(default=False)
    reason = SealedField(null=True)
    followed = SealedField(null=True)
    booked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField[UUID | None, UUID | None](null=True)
    reminded = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="booking_slot_once", fields=["slot"],
                condition=Q(state__in=["open", "came", "missed", "settled"]),
            ),
            models.UniqueConstraint(name="booking_seat_once", fields=["student", "seat"], condition=Q(state="open")),
            models.CheckConstraint(name="booking_seat", condition=Q(seat__gte=1, seat__lte=9)),
            models.CheckConstraint(
                name="booking_settled_with_words", condition=~Q(state="settled") | Q(followed__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.state} {self.student_id}"
