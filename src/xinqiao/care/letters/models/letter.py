"""The letter to the guardians of one pupil."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.letters.models.mailing import Mailing
from xinqiao.care.letters.states import LetterState, Way, Words
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Letter(ScopedModel):
    """One letter. `words` are sealed under the pupil's key: own words while they are written, and from its release on
    the very words that went out, also where they are those for everybody; `title` is the mailing's of that moment.
    `class_id` is the class of the screening.

    `code` opens it (sealed, to be printed again), `code_mac` checks it, `locator_mac` (of its first characters) finds
    it, so that wrong tries are counted on the letter that they aim at.
    """

    DATA = {
        **SCOPED_DATA, "mailing": D1, "student": D1, "key_id": D1, "class_id": D1, "kind": D3, "title": D1, "words": D5,
        "state": D1, "written_by": D1, "written_at": D1, "read_by": D1, "read_at": D1, "read_digest": D1,
        "code": D2, "code_mac": D2, "locator_mac": D2, "failures": D1, "locked_until": D1, "released_by": D1,
        "released_at": D1, "expires_at": D1, "way": D1, "delivered_by": D1, "delivered_at": D1, "opened_at": D1,
        "confirmed_at": D1, "answered_at": D1, "settled_by": D1, "settled_at": D1, "withdrawn_by": D1,
        "withdrawn_at": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    mailing = models.ForeignKey(Mailing, on_delete=models.PROTECT, related_name="letters")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="letters")
    key_id = models.UUIDField[UUID, UUID]()
    class_id = models.UUIDField[UUID, UUID](db_index=True)
    kind = models.CharField(max_length=8, choices=Words.choices, default=Words.SHARED)
    title = models.CharField(max_length=60, blank=True, default="")
    words = SealedField(null=True)
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.DRAFT)
    written_by = models.UUIDField[UUID | None, UUID | None](null=True)
    written_at = models.DateTimeField(null=True)
    read_by = models.UUIDField[UUID | None, UUID | None](null=True)
    read_at = models.DateTimeField(null=True)
    read_digest = models.BinaryField[bytes | None, bytes | None](max_length=32, null=True)
    code = SealedField(null=True, coded=True)
    code_mac = models.BinaryField[bytes | None, bytes | None](max_length=32, null=True)
    locator_mac = models.BinaryField[bytes | None, bytes | None](max_length=16, null=True, db_index=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    released_by = models.UUIDField[UUID | None, UUID | None](null=True)
    released_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=4, choices=Way.choices, blank=True, default="")
    delivered_by = models.UUIDField[UUID | None, UUID | None](null=True)
    delivered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField[UUID | None, UUID | None](null=True)
    settled_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField[UUID | None, UUID | None](null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="letter_one_living", fields=["mailing", "student"], condition=~Q(state="withdrawn")
            ),
            models.CheckConstraint(
                name="letter_released_whole",
                condition=Q(state__in=("draft", "read"))
                | (Q(released_at__isnull=False) & Q(expires_at__isnull=False) & Q(code_mac__isnull=False)
                   & Q(words__isnull=False)),
            ),
            models.CheckConstraint(
                name="letter_own_has_words", condition=~Q(kind="own") | Q(words__isnull=False)
            ),
            models.CheckConstraint(
                name="letter_read_when", condition=~Q(state="read") | Q(read_digest__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.student_id} {self.state}"
