"""Contact with families: each try and each talk, and what is owed with its clock."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.support.models.reach import noted_of_mentees
from xinqiao.care.support.states import Channel, DutyEnd, DutyKind
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Guardian, Student


class FamilyContact(ScopedModel):
    """That somebody of the school tried to reach a pupil's family, how, whom, and whether they answered.

    Only an answered contact with a guardian of the register counts (`counts`). `topics` are codes of the policy, joined
    by blanks. `key` is drawn with the form: the same form sent twice is one contact.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "key": D1, "reached_on": D1, "channel": D1, "guardian": D1,
        "is_answered": D1, "topics": D3, "words": D5, "noted_by": D1, "noted_at": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="family_contacts")
    key_id = models.UUIDField[UUID, UUID]()
    key = models.UUIDField[UUID, UUID]()
    reached_on = models.DateField(db_index=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, related_name="contacts")
    is_answered = models.BooleanField()
    topics = models.CharField(max_length=400, blank=True)
    words = SealedField(null=True)
    noted_by = models.UUIDField[UUID, UUID](db_index=True)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="familycontact_once", fields=["student", "key"])]

    @classmethod
    def scope(cls, actor: Actor, permission: Permission) -> Q:
        """A mentor reaches what the mentor noted of present mentees; others reach the pupils of their places."""
        if permission is not Permission.MENTEE_OWN:
            return super().scope(actor, permission)
        return noted_of_mentees(actor, permission, "noted_by")

    @property
    def counts(self) -> bool:
        """Does this contact count for the term?"""
        return self.is_answered and self.guardian_id is not None

    def __str__(self) -> str:
        return f"{self.channel} {self.student_id}"


class ContactDuty(ScopedModel):
    """That contact is owed: with the missing families of a class this term, or with one registered pupil's.

    `place` is the class's. `rung` is how far its clock climbed. Open while `ended_as` is empty.
    """

    DATA = {
        **SCOPED_DATA, "kind": D1, "class_id": D1, "student": D1, "term_from": D1, "began_at": D1, "due_at": D1,
        "rung": D1, "ended_as": D1, "ended_at": D1,
    }  # fmt: skip

    kind = models.CharField(max_length=8, choices=DutyKind.choices)
    class_id = models.UUIDField[UUID | None, UUID | None](null=True, db_index=True)
    student = models.ForeignKey(Student, on_delete=models.PROTECT, null=True, related_name="contact_duties")
    term_from = models.DateField(null=True)
    began_at = models.DateTimeField()
    due_at = models.DateTimeField()
    rung = models.PositiveSmallIntegerField(default=0)
    ended_as = models.CharField(max_length=8, choices=DutyEnd.choices, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="contactduty_once_a_term", fields=["class_id", "term_from"], condition=Q(kind="term")
            ),
            models.UniqueConstraint(
                name="contactduty_one_open", fields=["student"], condition=Q(kind="pupil", ended_as="")
            ),
            models.CheckConstraint(
                name="contactduty_of_something",
                condition=Q(kind="term", class_id__isnull=False, term_from__isnull=False, student__isnull=True)
                | Q(kind="pupil", student__isnull=False),
            ),
            models.CheckConstraint(name="contactduty_ended", condition=Q(ended_as="") | Q(ended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"
