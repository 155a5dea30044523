"""What was typed from printed sheets and is not settled yet."""

from uuid import UUID

from django.db import models

from xinqiao.care.sheets.models.sitting import Sitting
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D4
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class PaperTyping(ScopedModel):
    """One typing of one printed sheet: `turn` 1 or 2. `answers` is a character a question (`care.sheets.typed`).

    It lives until the sheet is handed in, given up, or no longer wanted, and is deleted then.
    """

    DATA = {
        **SCOPED_DATA, "sitting": D1, "student": D1, "key_id": D1, "turn": D1, "answers": D4, "key": D1,
        "typed_by": D1, "typed_at": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="typings")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="paper_typings")
    key_id = models.UUIDField[UUID, UUID]()
    turn = models.PositiveSmallIntegerField()
    answers = SealedField(coded=True)
    key = models.CharField(max_length=64)
    typed_by = models.UUIDField[UUID, UUID]()
    typed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="papertyping_once", fields=["sitting", "turn"]),
            models.CheckConstraint(name="papertyping_two_turns", condition=models.Q(turn__in=(1, 2))),
        ]

    def __str__(self) -> str:
        return f"{self.turn} {self.sitting_id}"
