"""The case: one child in care, from the first judgement to an end with a reason."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.alerts.states import Level, Urgency
from xinqiao.care.crisis.states import CaseState, EndReason
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5, D6
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Case(ScopedModel):
    """That a pupil is in care; one open case a pupil. `owner` is the member of staff who leads it.

    `urgency` says how soon people must sit together first. `level` is what the last judgement said ("" before the
    first), `judge_by` the day of the next one, `follow_up_on` that of the next follow-up: a judged case that is not
    green always has one. `opened_for` and `end_words` say why it was opened by hand and why it was closed; `former` is
    the closed case before it.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "state": D3, "owner": D1, "urgency": D3, "level": D3,
        "judge_by": D3, "follow_up_on": D3, "former": D1, "opened_at": D1, "opened_by": D1, "opened_for": D5,
        "closed_at": D1, "closed_by": D1, "end_reason": D3, "end_words": D6,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="cases")
    key_id = models.UUIDField[UUID, UUID]()
    state = models.CharField(max_length=8, choices=CaseState.choices, default=CaseState.OPEN)
    owner = models.UUIDField[UUID, UUID](db_index=True)
    urgency = models.CharField(max_length=8, choices=Urgency.choices, default=Urgency.ORANGE)
    level = models.CharField(max_length=8, choices=Level.choices, blank=True, default="")
    judge_by = models.DateField(null=True)
    follow_up_on = models.DateField(null=True)
    former = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField[UUID, UUID]()
    opened_for = SealedField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField[UUID | None, UUID | None](null=True)
    end_reason = models.CharField(max_length=16, choices=EndReason.choices, blank=True)
    end_words = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="case_one_open", fields=["student"], condition=~Q(state="closed")),
            models.CheckConstraint(
                name="case_closed_why",
                condition=~Q(state="closed")
                | (Q(closed_at__isnull=False) & Q(closed_by__isnull=False) & ~Q(end_reason="")),
            ),
            models.CheckConstraint(
                name="case_judged_goes_on",
                condition=~Q(state="judged")
                | (~Q(level="") & Q(judge_by__isnull=False) & (Q(level="green") | Q(follow_up_on__isnull=False))),
            ),
            models.CheckConstraint(
                name="case_closed_after_step_down",
                condition=~Q(state="closed") | Q(level__in=["", "yellow", "green"]) | Q(end_reason="left"),
            ),
            models.CheckConstraint(
                name="case_without_level_is_no_recovery",
                condition=~Q(state="closed") | ~Q(level="") | Q(end_reason__in=["mistake", "left"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.student_id}"
