"""A pupil's letter and the words in it."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.mailbox.states import Channel, LetterState, UrgentState, Writer
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class PupilLetter(ScopedModel):
    """A letter and where it stands. `place` is always the school: a class would narrow down who wrote it.

    `student` is there only where the pupil signed; then the words are sealed under the pupil's key, else under a key of
    the letter's own. `code_index` finds a letter of the pupils' page by its code, which is stored nowhere. `told_at` is
    empty until clocks run and people were told of what the intake wrote. `due_at` is told to the pupil.
    """

    DATA = {
        **SCOPED_DATA, "channel": D1, "student": D3, "key_id": D1, "code_index": D1, "state": D1, "urgent": D3,
        "holder": D1, "draft": D5, "words_aside": D5, "words_closed": D5, "written_at": D1, "waits_since": D1,
        "urgent_since": D1, "due_at": D1, "told_at": D1, "answered_at": D1, "closed_at": D1, "closed_by": D1,
        "entered_by": D1,
    }  # fmt: skip

    channel = models.CharField(max_length=8, choices=Channel.choices)
    student = models.ForeignKey(Student, null=True, on_delete=models.PROTECT, related_name="letters_written")
    key_id = models.UUIDField[UUID, UUID]()
    code_index = models.BinaryField[bytes | None, bytes | None](max_length=16, null=True, unique=True)
    state = models.CharField(max_length=8, choices=LetterState.choices, default=LetterState.WAITING)
    urgent = models.CharField(max_length=8, choices=UrgentState.choices, blank=True, default="")
    holder = models.UUIDField[UUID | None, UUID | None](null=True)
    draft = SealedField(null=True)
    words_aside = SealedField(null=True)
    words_closed = SealedField(null=True)
    written_at = models.DateTimeField()
    waits_since = models.DateTimeField()
    urgent_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField[UUID | None, UUID | None](null=True)
    entered_by = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        indexes = [
            models.Index(name="pupilletter_untold", fields=["waits_since"], condition=Q(told_at__isnull=True)),
            models.Index(name="pupilletter_month", fields=["place", "written_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="pupilletter_aside_why", condition=~Q(urgent="aside") | Q(words_aside__isnull=False)
            ),
            models.CheckConstraint(
                name="pupilletter_closed_by",
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & Q(closed_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="pupilletter_urgent_since", condition=Q(urgent="") | Q(urgent_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class LetterWords(ScopedModel):
    """Words in a letter: the pupil's, an answer, or that a name was opened. `once` lets the same words stand once.

    `by` is the member of staff who wrote an answer; of what a pupil wrote nobody is kept.
    """

    DATA = {
        **SCOPED_DATA, "letter": D1, "key_id": D1, "writer": D1, "words": D5, "at": D1, "by": D1, "once": D1,
    }  # fmt: skip

    letter = models.ForeignKey(PupilLetter, on_delete=models.PROTECT, related_name="said")
    key_id = models.UUIDField[UUID, UUID]()
    writer = models.CharField(max_length=8, choices=Writer.choices)
    words = SealedField()
    at = models.DateTimeField()
    by = models.UUIDField[UUID | None, UUID | None](null=True)
    once = models.BinaryField[bytes, bytes](max_length=16, unique=True)

    class Meta:
        indexes = [models.Index(name="letterwords_in_order", fields=["letter", "at"])]

    def __str__(self) -> str:
        return f"{self.writer} {self.letter_id}"
