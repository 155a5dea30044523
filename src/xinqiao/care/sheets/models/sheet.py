"""Answers and what was computed of them, sealed under the pupil's key."""

from uuid import UUID

from django.db import models

from xinqiao.care.sheets.models.sitting import Sitting
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D4
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class AnswerSheet(ScopedModel):
    """One scale of one sitting. `answers` is the packed byte string of codes, `seconds` deciseconds an item (uint16),
    `result` the scores, bands, validity, carelessness and critical items as JSON; all three sealed."""

    DATA = {
        **SCOPED_DATA, "sitting": D1, "student": D1, "key_id": D1, "origin_id": D1, "scale_code": D1, "scale_id": D1,
        "answers": D4, "seconds": D4, "result": D4, "submitted_at": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="sheets")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="answer_sheets")
    key_id = models.UUIDField[UUID, UUID]()
    origin_id = models.UUIDField[UUID, UUID](db_index=True)
    scale_code = models.CharField(max_length=24)
    scale_id = models.UUIDField[UUID, UUID]()
    answers = SealedField(binary=True)
    seconds = SealedField(binary=True, null=True)
    result = SealedField(coded=True)
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="answersheet_once", fields=["sitting", "scale_code"])]

    def __str__(self) -> str:
        return f"{self.scale_code} {self.student_id}"


class CriticalTick(ScopedModel):
    """A critical item at the moment it was ticked, before the sheet was handed in; the answer is sealed."""

    DATA = {
        **SCOPED_DATA, "sitting": D1, "student": D1, "key_id": D1, "scale_code": D1, "answer": D4, "ticked_at": D1,
        "once": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="ticks")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="critical_ticks")
    key_id = models.UUIDField[UUID, UUID]()
    scale_code = models.CharField(max_length=24)
    answer = SealedField(coded=True)
    ticked_at = models.DateTimeField()
    once = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return f"{self.scale_code} {self.student_id}"
