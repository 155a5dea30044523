"""A course of counselling, its sessions with sealed notes, drafts, and goals with their progress."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.counselling.models.keys import GroupVersion
from xinqiao.care.counselling.states import CourseState, Effect, EndReason, Form, Signed
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5, D6
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Course(ScopedModel):
    """Counselling of one pupil by one counsellor, or by none while it waits for somebody.

    `is_shared` says that every member of the school's group reads its notes, not the counsellor alone. `agreement` is
    the text that was shown and signed, as it read then. `consent_back_at`: since when the school's form of consent is
    refused or taken back, None while nothing stands against the course.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "state": D3, "counsellor": D1, "is_shared": D1, "agreement": D1, "signed": D3,
        "signed_on": D3, "opened_by": D1, "opened_at": D3, "orphaned_at": D3, "consent_back_at": D3, "end_reason": D3,
        "effect": D3, "ended_on": D3, "ended_by": D1,
    }  # fmt: skip
    SCOPE: ClassVar[tuple[str, ...]] = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="counselling_courses")
    state = models.CharField(max_length=8, choices=CourseState.choices)
    counsellor = models.UUIDField[UUID | None, UUID | None](null=True, db_index=True)
    is_shared = models.BooleanField(default=False)
    agreement = models.TextField()
    signed = models.CharField(max_length=8, choices=Signed.choices)
    signed_on = models.DateField()
    opened_by = models.UUIDField[UUID, UUID]()
    opened_at = models.DateTimeField()
    orphaned_at = models.DateTimeField(null=True)
    consent_back_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=12, choices=EndReason.choices, blank=True)
    effect = models.CharField(max_length=8, choices=Effect.choices, blank=True)
    ended_on = models.DateField(null=True)
    ended_by = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="course_one_running", fields=["student"], condition=~Q(state=CourseState.ENDED)
            ),
            models.CheckConstraint(
                name="course_has_a_counsellor", condition=~Q(state=CourseState.RUNNING) | Q(counsellor__isnull=False)
            ),
            models.CheckConstraint(
                name="course_waits_for_one",
                condition=~Q(state=CourseState.WAITING) | (Q(counsellor__isnull=True) & Q(orphaned_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="course_ended_why",
                condition=~Q(state=CourseState.ENDED) | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.student_id}"


class Session(ScopedModel):
    """One session. What was said lies in the newest of its notes; which parts are filled stands here, to be counted."""

    DATA = {
        **SCOPED_DATA, "course": D1, "held_on": D3, "minutes": D3, "form": D3, "written_by": D1, "written_at": D3,
        "has_process": D3, "has_analysis": D3, "has_countermeasure": D3, "has_effect": D3,
    }  # fmt: skip
    SCOPE: ClassVar[tuple[str, ...]] = ("course__student__place",)

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    held_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=12, choices=Form.choices)
    written_by = models.UUIDField[UUID, UUID]()
    written_at = models.DateTimeField()
    has_process = models.BooleanField()
    has_analysis = models.BooleanField()
    has_countermeasure = models.BooleanField()
    has_effect = models.BooleanField()

    def __str__(self) -> str:
        return str(self.id)


class SealedNote(ScopedModel):
    """One version of a session's note, sealed to the group's public half inside the seal of the pupil's key.

    None is ever changed: an amendment is another version, with who, when and why.
    """

    DATA = {
        **SCOPED_DATA, "session": D1, "number": D1, "version": D1, "key_id": D1, "box": D6, "written_by": D1,
        "written_at": D3,
    }  # fmt: skip
    SCOPE: ClassVar[tuple[str, ...]] = ("session__course__student__place",)

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="notes")
    number = models.PositiveIntegerField()
    version = models.ForeignKey(GroupVersion, on_delete=models.PROTECT, related_name="+")
    key_id = models.UUIDField[UUID, UUID]()
    box = SealedField(binary=True)
    written_by = models.UUIDField[UUID, UUID]()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="sealednote_number", fields=["session", "number"])]

    def __str__(self) -> str:
        return f"{self.session_id} {self.number}"


class Draft(ScopedModel):
    """What a counsellor has typed and not kept yet, sealed as a note is; its id is that of the form."""

    DATA = {
        **SCOPED_DATA, "course": D1, "version": D1, "key_id": D1, "box": D6, "written_by": D1, "saved_at": D3,
    }  # fmt: skip
    SCOPE: ClassVar[tuple[str, ...]] = ("course__student__place",)

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="drafts")
    version = models.ForeignKey(GroupVersion, on_delete=models.PROTECT, related_name="+")
    key_id = models.UUIDField[UUID, UUID]()
    box = SealedField(binary=True)
    written_by = models.UUIDField[UUID, UUID]()
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Goal(ScopedModel):
    """What pupil and counsellor want to reach, in words under the pupil's key: the curve needs no sentence."""

    DATA = {**SCOPED_DATA, "course": D1, "key_id": D1, "words": D5, "set_by": D1, "set_at": D3}
    SCOPE: ClassVar[tuple[str, ...]] = ("course__student__place",)

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="goals")
    key_id = models.UUIDField[UUID, UUID]()
    words = SealedField()
    set_by = models.UUIDField[UUID, UUID]()
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Progress(ScopedModel):
    """How near a goal was in a session, 0 to 10, under the pupil's key."""

    DATA = {**SCOPED_DATA, "goal": D1, "session": D1, "key_id": D1, "value": D5}
    SCOPE: ClassVar[tuple[str, ...]] = ("goal__course__student__place",)

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="progress")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="progress")
    key_id = models.UUIDField[UUID, UUID]()
    value = SealedField(coded=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="progress_once", fields=["goal", "session"])]

    def __str__(self) -> str:
        return str(self.id)
