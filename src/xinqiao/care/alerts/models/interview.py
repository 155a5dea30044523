"""The interview that triage rests on."""

from uuid import UUID

from django.db import models

from xinqiao.care.alerts.models.signal import Signal
from xinqiao.care.alerts.states import Outcome, TalkKind
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Interview(ScopedModel):
    """A talk with a pupil, face to face or not, and what came of it ("" while undecided). What was said is sealed under
    the pupil's key. `asked` (codes, comma-separated) and `standing` (how the pupil is) belong to short talks."""

    DATA = {
        **SCOPED_DATA, "student": D1, "signal": D1, "key_id": D1, "held_at": D1, "held_by": D1, "is_face_to_face": D1,
        "asked_about_suicide": D5, "risk_found": D5, "note": D5, "outcome": D3, "recorded_at": D1,
        "kind": D1, "asked": D5, "standing": D5,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="interviews")
    signal = models.ForeignKey(Signal, null=True, on_delete=models.PROTECT, related_name="interviews")
    key_id = models.UUIDField[UUID, UUID]()
    held_at = models.DateTimeField()
    held_by = models.UUIDField[UUID, UUID]()
    is_face_to_face = models.BooleanField(default=True)
    asked_about_suicide = SealedField(coded=True)
    risk_found = SealedField(coded=True)
    note = SealedField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=TalkKind.choices, default=TalkKind.FULL)
    asked = SealedField(null=True, coded=True)
    standing = SealedField(null=True, coded=True)

    def __str__(self) -> str:
        return f"{self.student_id} {self.held_at}"
