"""Committee members of a class, what they report, and whom they worry about."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.voices.states import WorryState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D4, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class CommitteeSeat(ScopedModel):
    """A pupil is committee member of a class: [start_on, end_on). `place` is the class's; `chair` counts from 1."""

    DATA = {
        **SCOPED_DATA, "student": D1, "class_id": D1, "chair": D1, "start_on": D1, "end_on": D1, "appointed_by": D1,
        "ended_by": D1,
    }  # fmt: skip

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="committee_seats")
    class_id = models.UUIDField[UUID, UUID](db_index=True)
    chair = models.PositiveSmallIntegerField()
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    appointed_by = models.UUIDField[UUID, UUID]()
    ended_by = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="committeeseat_chair_once", fields=["class_id", "chair"], condition=Q(end_on__isnull=True)
            ),
            models.UniqueConstraint(
                name="committeeseat_pupil_once", fields=["student"], condition=Q(end_on__isnull=True)
            ),
            models.CheckConstraint(
                name="committeeseat_interval", condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on"))
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.class_id} {self.chair}"


class ClassReport(ScopedModel):
    """How a class was in the week that began on the Monday `week_on`, by one of its committee members.

    `answers` (JSON, sealed under the writer's key) is about the class and names nobody; `place` is the class's. `key`,
    `digest` and `receipt` as of a call.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "class_id": D1, "key_id": D1, "week_on": D1, "answers": D4, "key": D1,
        "digest": D1, "receipt": D1, "reported_at": D1, "told_at": D1,
    }  # fmt: skip

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="class_reports")
    class_id = models.UUIDField[UUID, UUID](db_index=True)
    key_id = models.UUIDField[UUID, UUID]()
    week_on = models.DateField()
    answers = SealedField(coded=True)
    key = models.CharField(max_length=64)
    digest = models.BinaryField[bytes, bytes](max_length=32)
    receipt = models.CharField(max_length=12, unique=True)
    reported_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="classreport_untold", fields=["reported_at"], condition=Q(told_at__isnull=True))]
        constraints = [models.UniqueConstraint(name="classreport_once", fields=["student", "key"])]

    def __str__(self) -> str:
        return self.receipt


class ClassmateWorry(ScopedModel):
    """What a committee member said of a classmate, sealed under the writer's key until it is known who is meant.

    `student` is the writer, `named` the pupil who is meant. `about` is who it is in the writer's words, `said` the
    codes and words (JSON). It is settled by naming the pupil (then a signal stands) or with a `reason`.
    """

    DATA = {
        **SCOPED_DATA, "report": D1, "student": D1, "key_id": D1, "about": D5, "said": D5, "urgency": D3, "state": D1,
        "named": D3, "reason": D5, "raised_at": D1, "told_at": D1, "settled_at": D1, "settled_by": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    report = models.ForeignKey(ClassReport, on_delete=models.PROTECT, related_name="worries")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="told_worries")
    key_id = models.UUIDField[UUID, UUID]()
    about = SealedField()
    said = SealedField(coded=True)
    urgency = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=WorryState.choices)
    named = models.ForeignKey(Student, null=True, on_delete=models.PROTECT, related_name="+")
    reason = SealedField(null=True)
    raised_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        indexes = [models.Index(name="worry_untold", fields=["raised_at"], condition=Q(told_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="worry_named_who",
                condition=(Q(state="named") & Q(named__isnull=False)) | (~Q(state="named") & Q(named__isnull=True)),
            ),
            models.CheckConstraint(
                name="worry_set_aside_why",
                condition=~Q(state="set_aside") | (Q(reason__isnull=False) & Q(settled_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.student_id}"
