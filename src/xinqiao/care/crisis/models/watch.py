"""The watch: a pupil whom a talk left in view, looked at by the rhythm of the policy until it ends with a reason."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.crisis.states import Way
from xinqiao.care.crisis.watch.states import WatchEnd, WatchState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Watch(ScopedModel):
    """That a pupil is kept in view; one at a time a pupil, led by `owner`.

    `look_on` is the day of the next look while it runs; `looks` counts those held, `calm` those in a row without a
    sign of danger. `interview_id` is the talk it rests on; `end_words` say why it ended, sealed.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "state": D3, "owner": D1, "interview_id": D1, "opened_at": D1,
        "opened_by": D1, "looks": D1, "calm": D3, "looked_on": D1, "look_on": D3, "ended_at": D1, "ended_by": D1,
        "end_reason": D3, "end_words": D5,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="watches")
    key_id = models.UUIDField[UUID, UUID]()
    state = models.CharField(max_length=9, choices=WatchState.choices, default=WatchState.WATCHING)
    owner = models.UUIDField[UUID, UUID](db_index=True)
    interview_id = models.UUIDField[UUID | None, UUID | None](null=True)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField[UUID, UUID]()
    looks = models.PositiveSmallIntegerField(default=0)
    calm = models.PositiveSmallIntegerField(default=0)
    looked_on = models.DateField(null=True)
    look_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField[UUID | None, UUID | None](null=True)
    end_reason = models.CharField(max_length=8, choices=WatchEnd.choices, blank=True)
    end_words = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="watch_one_running", fields=["student"], condition=Q(state__in=("watching", "signalled"))
            ),
            models.CheckConstraint(
                name="watch_running_has_next_look",
                condition=~Q(state__in=("watching", "signalled")) | Q(look_on__isnull=False),
            ),
            models.CheckConstraint(
                name="watch_ended_why",
                condition=~Q(state="ended")
                | (Q(ended_at__isnull=False) & Q(ended_by__isnull=False) & ~Q(end_reason="")
                   & Q(end_words__isnull=False)),
            ),
            models.CheckConstraint(
                name="watch_case_when", condition=~Q(state="case") | Q(ended_at__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.state} {self.student_id}"


class WatchLook(ScopedModel):
    """One look at a pupil kept in view: when, how, what was seen and found (sealed), and the day of the next one."""

    DATA = {
        **SCOPED_DATA, "watch": D1, "number": D1, "key_id": D1, "held_at": D1, "held_by": D1, "way": D1,
        "seen_words": D5, "finding": D5, "next_on": D1, "recorded_at": D1,
    }  # fmt: skip
    SCOPE = ("watch__student__place",)

    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="history")
    number = models.PositiveSmallIntegerField()
    key_id = models.UUIDField[UUID, UUID]()
    held_at = models.DateTimeField()
    held_by = models.UUIDField[UUID, UUID]()
    way = models.CharField(max_length=12, choices=Way.choices)
    seen_words = SealedField()
    finding = SealedField(coded=True)
    next_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="watchlook_once", fields=["watch", "number"])]

    def __str__(self) -> str:
        return f"{self.watch_id} {self.number}"
