"""A mentor's talk with a pupil; that somebody is a pupil's mentor is a tie of the register (`people.Tie`)."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.support.models.reach import noted_of_mentees
from xinqiao.care.support.states import TalkForm, TalkKind
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class MentorTalk(ScopedModel):
    """That a mentor talked to a pupil on a day, and the mentor's few words, sealed under the pupil's key.

    `key` is drawn with the form: the same form sent twice is one talk of each pupil.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "key": D1, "mentor": D1, "held_on": D1, "kind": D3, "form": D1,
        "words": D5, "noted_at": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="mentor_talks")
    key_id = models.UUIDField[UUID, UUID]()
    key = models.UUIDField[UUID, UUID]()
    mentor = models.UUIDField[UUID, UUID](db_index=True)
    held_on = models.DateField(db_index=True)
    kind = models.CharField(max_length=8, choices=TalkKind.choices)
    form = models.CharField(max_length=12, choices=TalkForm.choices)
    words = SealedField(null=True)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="mentortalk_once", fields=["student", "key"])]

    @classmethod
    def scope(cls, actor: Actor, permission: Permission) -> Q:
        """A mentor reaches the own talks with present mentees; whoever keeps the register, those of the school."""
        if permission is not Permission.MENTEE_OWN:
            return super().scope(actor, permission)
        return noted_of_mentees(actor, permission, "mentor")

    def __str__(self) -> str:
        return f"{self.kind} {self.student_id}"
