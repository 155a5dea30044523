"""Leave of absence and return of one pupil, and its story."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.crisis.leave.states import LeaveState, LeaveStepKind
from xinqiao.care.crisis.models.case import Case
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5, D6
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Leave(ScopedModel):
    """One leave from the finding to the end of the follow-up; one at a time a pupil.

    `decided_by` said "not yet" (or yes) first; `appeal_decided_by` is somebody else.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "case": D1, "key_id": D1, "state": D3, "opened_by": D1, "opened_at": D1,
        "left_on": D3, "decided_by": D1, "appeal_decided_by": D1, "returned_on": D3, "looks": D1, "look_on": D1,
        "ended_at": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="leaves")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="leaves", null=True)
    key_id = models.UUIDField[UUID, UUID]()
    state = models.CharField(max_length=10, choices=LeaveState.choices, default=LeaveState.FOUND)
    opened_by = models.UUIDField[UUID, UUID]()
    opened_at = models.DateTimeField()
    left_on = models.DateField(null=True)
    decided_by = models.UUIDField[UUID | None, UUID | None](null=True)
    appeal_decided_by = models.UUIDField[UUID | None, UUID | None](null=True)
    returned_on = models.DateField(null=True)
    looks = models.PositiveSmallIntegerField(default=0)
    look_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="leave_one_running", fields=["student"], condition=~Q(state__in=("ended", "dropped", "left"))
            ),
            models.CheckConstraint(
                name="leave_appeal_by_others",
                condition=Q(appeal_decided_by__isnull=True)
                | (Q(decided_by__isnull=False) & ~Q(appeal_decided_by=F("decided_by"))),
            ),
            models.CheckConstraint(
                name="leave_on_since_when",
                condition=Q(state__in=("found", "assessed", "talked", "dropped", "left")) | Q(left_on__isnull=False),
            ),
            models.CheckConstraint(
                name="leave_back_since_when",
                condition=~Q(state__in=("returned", "ended")) | Q(returned_on__isnull=False),
            ),
            models.CheckConstraint(
                name="leave_ended_when",
                condition=~Q(state__in=("ended", "dropped", "left")) | Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student_id} {self.state}"


class LeaveStep(ScopedModel):
    """One step: who noted it, on which day it was, who took part, and the words."""

    DATA = {
        **SCOPED_DATA, "leave": D1, "key_id": D1, "kind": D3, "at": D1, "by": D1, "day": D3, "people": D5, "words": D6,
    }  # fmt: skip
    SCOPE = ("leave__student__place",)

    leave = models.ForeignKey(Leave, on_delete=models.PROTECT, related_name="steps")
    key_id = models.UUIDField[UUID, UUID]()
    kind = models.CharField(max_length=10, choices=LeaveStepKind.choices)
    at = models.DateTimeField()
    by = models.UUIDField[UUID | None, UUID | None](null=True)
    day = models.DateField()
    people = SealedField(null=True)
    words = SealedField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="leave_step_whole",
                condition=Q(kind__in=("overdue", "left"))
                | (Q(by__isnull=False) & Q(people__isnull=False) & Q(words__isnull=False)),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.leave_id} {self.kind}"
