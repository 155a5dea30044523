"""What a pupil or a guardian asks about a file, and an excerpt that is printed for them."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.archives.states import AskedBy, AskedHow, ExcerptState, RequestKind, RequestState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class FileRequest(ScopedModel):
    """A request about one pupil's file: to see, correct, withdraw consent, or delete. Answered in writing, once.

    `place` is the school's. `due_at` is when its clock runs out; a refusal says why in `answer`.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "kind": D1, "asked_by": D1, "way": D1, "asked_on": D1, "words": D3,
        "state": D1, "recorded_by": D1, "recorded_at": D1, "due_at": D1, "answered_by": D1, "answered_at": D1,
        "answer": D3,
    }  # fmt: skip

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="file_requests")
    key_id = models.UUIDField[UUID, UUID]()
    kind = models.CharField(max_length=8, choices=RequestKind.choices)
    asked_by = models.CharField(max_length=8, choices=AskedBy.choices)
    way = models.CharField(max_length=8, choices=AskedHow.choices)
    asked_on = models.DateField()
    words = SealedField()
    state = models.CharField(max_length=8, choices=RequestState.choices, default=RequestState.OPEN)
    recorded_by = models.UUIDField[UUID, UUID]()
    recorded_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    answered_by = models.UUIDField[UUID | None, UUID | None](null=True)
    answered_at = models.DateTimeField(null=True)
    answer = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="filerequest_one_open", fields=["student", "kind", "asked_by"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="filerequest_answered_how",
                condition=Q(state="open")
                | (Q(answered_at__isnull=False) & Q(answered_by__isnull=False) & Q(answer__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Excerpt(ScopedModel):
    """An excerpt of a file that is printed in answer to a request: which sections, for what; approved by somebody else.

    `sections` are codes of sections, comma-separated. `purpose` is printed on it.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "request": D1, "sections": D3, "purpose": D3, "state": D1,
        "written_by": D1, "written_at": D1, "decided_by": D1, "decided_at": D1, "reason": D5, "printed_at": D1,
    }  # fmt: skip

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="file_excerpts")
    key_id = models.UUIDField[UUID, UUID]()
    request = models.ForeignKey(FileRequest, on_delete=models.PROTECT, related_name="excerpts")
    sections = models.CharField(max_length=400)
    purpose = SealedField()
    state = models.CharField(max_length=8, choices=ExcerptState.choices, default=ExcerptState.WAITING)
    written_by = models.UUIDField[UUID, UUID]()
    written_at = models.DateTimeField()
    decided_by = models.UUIDField[UUID | None, UUID | None](null=True)
    decided_at = models.DateTimeField(null=True)
    reason = SealedField(null=True)
    printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="excerpt_one_waiting", fields=["request"], condition=Q(state="waiting")),
            models.CheckConstraint(
                name="excerpt_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="excerpt_decided_by_whom",
                condition=Q(state="waiting") | (Q(decided_by__isnull=False) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="excerpt_printed_after_yes", condition=Q(printed_at__isnull=True) | Q(state="approved")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.state}"
