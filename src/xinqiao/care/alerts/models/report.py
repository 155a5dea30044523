"""What a member of staff wrote down about a pupil: it stands behind one signal."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.alerts.models.signal import Signal
from xinqiao.care.alerts.states import SeenWhen
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Report(ScopedModel):
    """Who reported or handed over what, and when it was seen; what was ticked stands in the signal's sealed `basis`.
    `typed` is by which name or number the pupil was named: all that the reporter is shown again.

    `stayed` says whether somebody is with the child, None where nobody was asked. `pair` is shared by the two reports
    of one bullying, whose pupils' stories are told apart.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "signal": D1, "key_id": D1, "reported_by": D1, "reported_at": D1,
        "seen_when": D3, "stayed": D3, "typed": D2, "words": D5, "pair": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="reports")
    signal = models.OneToOneField(Signal, on_delete=models.PROTECT, related_name="report")
    key_id = models.UUIDField[UUID, UUID]()
    reported_by = models.UUIDField[UUID, UUID](db_index=True)
    reported_at = models.DateTimeField()
    seen_when = models.CharField(max_length=8, choices=SeenWhen.choices)
    stayed = models.BooleanField(null=True)
    typed = SealedField()
    words = SealedField(null=True)
    pair = models.UUIDField[UUID | None, UUID | None](null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="report_pair_of_two", fields=["pair", "student"], condition=Q(pair__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.reported_at} {self.student_id}"
