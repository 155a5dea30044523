"""Deadlines, what happened to each, and their pauses."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField


class Deadline(ScopedModel):
    """One clock on one subject. `parameters` (JSON) and `pack_revision` are those it began with; `redated_for` is the
    revision by which it was moved since, if it was.

    `rung` counts how often it has climbed; `next_climb_at` is when it climbs next unless it is met. While `paused_at`
    is set it stands still; `paused_seconds` is how long it stood still before.
    """

    DATA = {
        **SCOPED_DATA, "kind": D1, "subject_kind": D1, "subject_id": D1, "urgency": D3, "began_at": D1, "due_at": D1,
        "original_due_at": D1, "parameters": D1, "pack_revision": D1, "redated_for": D1, "met_at": D1, "met_by": D1,
        "rung": D1, "next_climb_at": D1, "cancelled_at": D1, "cancel_reason": D1,
        "paused_at": D1, "paused_seconds": D1,
    }  # fmt: skip

    kind = models.CharField(max_length=24)
    subject_kind = models.CharField(max_length=24)
    subject_id = models.UUIDField[UUID, UUID](db_index=True)
    urgency = models.CharField(max_length=8)
    began_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    original_due_at = models.DateTimeField()
    parameters = models.TextField(default="{}")
    pack_revision = models.CharField(max_length=64)
    redated_for = models.CharField(max_length=64, blank=True)
    met_at = models.DateTimeField(null=True)
    met_by = models.UUIDField[UUID | None, UUID | None](null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    next_climb_at = models.DateTimeField(null=True, db_index=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=80, blank=True)
    paused_at = models.DateTimeField(null=True)
    paused_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="deadline_one_open",
                fields=["kind", "subject_id"],
                condition=Q(met_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="deadline_paused_does_not_climb",
                condition=Q(paused_at__isnull=True) | Q(next_climb_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at}"


class Happening(models.TextChoices):
    """What happened to a clock besides beginning, being met and being cancelled, which stand in the clock itself."""

    TOLD = "told", _("People were told")
    CLIMBED = "climbed", _("Climbed")
    SKIPPED = "skipped", _("A rung was skipped")
    REDATED = "redated", _("Brought forward")


class ClockMoment(ScopedModel):
    """One thing that happened to a clock. `people` (JSON) lists who was told: `[[staff id, word], …]`.

    `detail` is a code or a revision: why a rung was skipped, which rules moved the clock.
    """

    DATA = {
        **SCOPED_DATA, "deadline": D1, "at": D1, "what": D1, "rung": D1, "from_at": D1, "to_at": D1, "people": D1,
        "detail": D1,
    }  # fmt: skip

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="moments")
    at = models.DateTimeField()
    what = models.CharField(max_length=8, choices=Happening.choices)
    rung = models.PositiveSmallIntegerField(default=0)
    from_at = models.DateTimeField(null=True)
    to_at = models.DateTimeField(null=True)
    people = models.TextField(default="[]")
    detail = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.what} {self.at}"


class PauseReason(models.TextChoices):
    """Why a clock stands still: what can be done only when the pupil is back."""

    IN_CARE = "in_care", _("The pupil is being looked after elsewhere")
    WITH_FAMILY = "with_family", _("The pupil is at home with the family")
    ON_LEAVE = "on_leave", _("The pupil is on leave")
    OTHER = "other", _("Another reason, in words")


class ClockPause(ScopedModel):
    """A stretch in which a clock stood still, why and by whom. `note` is sealed under the pupil's key.

    `left_seconds` were left on the clock, `left_school_days` where it counts school days; it gets them back.
    """

    DATA = {
        **SCOPED_DATA, "deadline": D1, "key_id": D1, "paused_at": D1, "paused_by": D1, "reason": D3, "note": D5,
        "left_seconds": D1, "left_school_days": D1, "climb_left_seconds": D1, "resumed_at": D1, "resumed_by": D1,
    }  # fmt: skip

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="pauses")
    key_id = models.UUIDField[UUID, UUID]()
    paused_at = models.DateTimeField()
    paused_by = models.UUIDField[UUID, UUID]()
    reason = models.CharField(max_length=12, choices=PauseReason.choices)
    note = SealedField(null=True)
    left_seconds = models.PositiveIntegerField()
    left_school_days = models.PositiveSmallIntegerField(null=True)
    climb_left_seconds = models.PositiveIntegerField()
    resumed_at = models.DateTimeField(null=True)
    resumed_by = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="clockpause_one_open", fields=["deadline"], condition=Q(resumed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="clockpause_interval", condition=Q(resumed_at__isnull=True) | Q(resumed_at__gte=F("paused_at"))
            ),
            models.CheckConstraint(
                name="clockpause_other_says_why", condition=~Q(reason="other") | Q(note__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.paused_at}"
