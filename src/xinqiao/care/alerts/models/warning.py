"""Warnings to the levels of the ladder below the school and to the bureau above it; and guardians who were told."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.alerts.models.signal import Signal
from xinqiao.care.alerts.states import Sees, ToldBy
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D5
from xinqiao.foundation.core.places import PlaceField
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class LevelWarning(ScopedModel):
    """One person of a level of the ladder told that a pupil needs attention, or (`sees` beyond) that a school has not
    taken a warning. Holds nothing of why.

    `place` is where the person stands, so the right ends with the role; `named_at` is the unit whose level it is.
    """

    DATA = {
        **SCOPED_DATA, "signal": D1, "staff_id": D1, "level": D1, "role": D1, "sees": D1, "must_acknowledge": D1,
        "named_at": D1, "rung": D1, "created_at": D1, "called_at": D1, "shown_at": D1, "acknowledged_at": D1,
    }  # fmt: skip

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="warnings")
    staff_id = models.UUIDField[UUID, UUID](db_index=True)
    level = models.CharField(max_length=40)
    role = models.CharField(max_length=24)
    sees = models.CharField(max_length=16, choices=Sees.choices)
    must_acknowledge = models.BooleanField(default=False)
    named_at = PlaceField()
    rung = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    called_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="levelwarning_once", fields=["signal", "staff_id"])]

    def __str__(self) -> str:
        return f"{self.level} {self.staff_id}"


class GuardianTold(ScopedModel):
    """A guardian of a pupil was told because of a signal, or was not for the child's protection; the words are sealed.

    `guardian_id` is empty where it was somebody else of the family.
    """

    DATA = {
        **SCOPED_DATA, "signal": D1, "student": D1, "key_id": D1, "told_at": D1, "way": D1, "guardian_id": D1,
        "advised": D5, "words": D5, "recorded_by": D1, "recorded_at": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="guardians_told")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="guardians_told")
    key_id = models.UUIDField[UUID, UUID]()
    told_at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=ToldBy.choices)
    guardian_id = models.UUIDField[UUID | None, UUID | None](null=True)
    advised = SealedField(null=True)
    words = SealedField()
    recorded_by = models.UUIDField[UUID, UUID]()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="guardiantold_withheld_names_nobody", condition=~Q(way="withheld") | Q(guardian_id__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.told_at}"
