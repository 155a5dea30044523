"""Family, upbringing and life experience of a pupil."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.archives.states import ToldBy
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class FamilyNote(ScopedModel):
    """One version of the family sections of a file: situation of the family, upbringing, life experience; who told it.

    An empty section is one that nobody has filled yet.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "number": D1, "is_current": D1, "is_whole": D1, "told_by": D1,
        "situation": D5, "upbringing": D5, "experience": D5, "written_by": D1, "written_at": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="family_notes")
    key_id = models.UUIDField[UUID, UUID]()
    number = models.PositiveSmallIntegerField()
    is_current = models.BooleanField(default=True)
    is_whole = models.BooleanField(default=False)
    told_by = models.CharField(max_length=8, choices=ToldBy.choices)
    situation = SealedField(null=True)
    upbringing = SealedField(null=True)
    experience = SealedField(null=True)
    written_by = models.UUIDField[UUID, UUID]()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="familynote_once", fields=["student", "number"]),
            models.UniqueConstraint(name="familynote_one_current", fields=["student"], condition=Q(is_current=True)),
        ]

    def __str__(self) -> str:
        return f"{self.student_id} {self.number}"
