"""The hotline mode of an incident: its hours, who sits when, and each call."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.incidents.models.incident import Incident
from xinqiao.care.incidents.states import BackState, Caller, HotlineState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Hotline(ScopedModel):
    """The hotline of one incident. `numbers` is what is published; somebody sits each day from `from_hour` (0-23) for
    `hours` whole local hours. `is_bureau` says that a bureau opened it at several schools. `ending` says why it ended.
    """

    DATA = {
        **SCOPED_DATA, "incident": D1, "key_id": D1, "once": D1, "numbers": D1, "from_hour": D1, "hours": D1,
        "is_bureau": D1, "state": D1, "opened_by": D1, "opened_at": D1, "ended_by": D1, "ended_at": D1, "ending": D5,
    }  # fmt: skip

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="hotlines")
    key_id = models.UUIDField[UUID, UUID]()
    once = models.CharField(max_length=80, unique=True)
    numbers = models.CharField(max_length=200)
    from_hour = models.PositiveSmallIntegerField()
    hours = models.PositiveSmallIntegerField()
    is_bureau = models.BooleanField(default=False)
    state = models.CharField(max_length=5, choices=HotlineState.choices, default=HotlineState.OPEN)
    opened_by = models.UUIDField[UUID, UUID]()
    opened_at = models.DateTimeField()
    ended_by = models.UUIDField[UUID | None, UUID | None](null=True)
    ended_at = models.DateTimeField(null=True)
    ending = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="hotline_one_open", fields=["incident"], condition=Q(state="open")),
            models.CheckConstraint(
                name="hotline_hours_in_a_day", condition=Q(hours__gte=1, from_hour__lte=24 - F("hours"))
            ),
            models.CheckConstraint(
                name="hotline_ended_whole",
                condition=Q(state="open", ended_at__isnull=True)
                | Q(state="ended", ended_at__isnull=False, ended_by__isnull=False, ending__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.state}"


class HotlineShift(ScopedModel):
    """Who sits at the telephone on a day from `from_hour` for `hours` hours, and who steps in. Taken off, it stays."""

    DATA = {
        **SCOPED_DATA, "hotline": D1, "once": D1, "day": D1, "from_hour": D1, "hours": D1, "sitter": D1,
        "substitute": D1, "added_by": D1, "added_at": D1, "removed_by": D1, "removed_at": D1,
    }  # fmt: skip

    hotline = models.ForeignKey(Hotline, on_delete=models.PROTECT, related_name="shifts")
    once = models.UUIDField[UUID, UUID](unique=True)
    day = models.DateField(db_index=True)
    from_hour = models.PositiveSmallIntegerField()
    hours = models.PositiveSmallIntegerField()
    sitter = models.UUIDField[UUID, UUID]()
    substitute = models.UUIDField[UUID | None, UUID | None](null=True)
    added_by = models.UUIDField[UUID, UUID]()
    added_at = models.DateTimeField()
    removed_by = models.UUIDField[UUID | None, UUID | None](null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hotlineshift_hours_in_a_day", condition=Q(hours__gte=1, from_hour__lte=24 - F("hours"))
            ),
            models.CheckConstraint(
                name="hotlineshift_two_people",
                condition=Q(substitute__isnull=True) | ~Q(substitute=F("sitter")),
            ),
            models.CheckConstraint(
                name="hotlineshift_removed_by_whom",
                condition=Q(removed_at__isnull=True) | Q(removed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.from_hour}+{self.hours}"


class HotlineCall(ScopedModel):
    """One call: who called, of what, what was answered; the pupil it is about and the signal that it became.

    Words are sealed under the pupil's key where the call is about one of the register, else under the incident's. A
    promise to call back waits with a clock (`back_due_at`), is kept at a moment, or has a reason (`back_words`).
    """

    DATA = {
        **SCOPED_DATA, "hotline": D1, "key_id": D1, "once": D1, "at": D1, "caller": D1, "is_urgent": D3, "concern": D5,
        "answered": D5, "student": D1, "signal_id": D1, "taken_by": D1, "back_state": D1, "back_to": D5,
        "back_began_at": D1, "back_due_at": D1, "back_at": D1, "back_by": D1, "back_words": D5,
    }  # fmt: skip

    hotline = models.ForeignKey(Hotline, on_delete=models.PROTECT, related_name="calls")
    key_id = models.UUIDField[UUID, UUID]()
    once = models.UUIDField[UUID, UUID](unique=True)
    at = models.DateTimeField(db_index=True)
    caller = models.CharField(max_length=8, choices=Caller.choices)
    is_urgent = models.BooleanField(default=False)
    concern = SealedField()
    answered = SealedField(null=True)
    student = models.ForeignKey(Student, on_delete=models.PROTECT, null=True, related_name="hotline_calls")
    signal_id = models.UUIDField[UUID | None, UUID | None](null=True)
    taken_by = models.UUIDField[UUID, UUID]()
    back_state = models.CharField(max_length=7, choices=BackState.choices, blank=True, default="")
    back_to = SealedField(null=True)
    back_began_at = models.DateTimeField(null=True)
    back_due_at = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)
    back_by = models.UUIDField[UUID | None, UUID | None](null=True)
    back_words = SealedField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hotlinecall_pupil_has_signal",
                condition=Q(student__isnull=True, signal_id__isnull=True)
                | Q(student__isnull=False, signal_id__isnull=False),
            ),
            models.CheckConstraint(
                name="hotlinecall_back_whole",
                condition=Q(back_state="", back_due_at__isnull=True)
                | Q(back_state="waiting", back_due_at__isnull=False, back_at__isnull=True)
                | Q(back_state__in=("done", "waived"), back_due_at__isnull=False, back_at__isnull=False,
                    back_by__isnull=False, back_words__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.caller} {self.at}"
