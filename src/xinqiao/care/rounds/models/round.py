"""A round of one school, what a person called for, the list of each class, and its lines pupil by pupil."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.rounds.states import Finding, ListState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class RoundCall(ScopedModel):
    """That a person asked for a round: at a school, or at a bureau for every school below it. `reason` names nobody."""

    DATA = {
        **SCOPED_DATA, "window": D1, "reason": D1, "called_by": D1, "called_at": D1, "withdrawn_by": D1,
        "withdrawn_at": D1,
    }  # fmt: skip

    window = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    called_by = models.UUIDField[UUID, UUID]()
    called_at = models.DateTimeField()
    withdrawn_by = models.UUIDField[UUID | None, UUID | None](null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="roundcall_with_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.window} {self.called_at}"


class Round(ScopedModel):
    """One window at one school. `occasion` says which one of the year it is, so that it is opened once; `names` (JSON)
    is what the policy called it then, by language."""

    DATA = {
        **SCOPED_DATA, "school_id": D1, "window": D1, "occasion": D1, "names": D1, "call": D1, "opened_at": D1,
        "due_at": D1,
    }  # fmt: skip

    school_id = models.UUIDField[UUID, UUID](db_index=True)
    window = models.CharField(max_length=40)
    occasion = models.CharField(max_length=40)
    names = models.TextField()
    call = models.ForeignKey(RoundCall, null=True, on_delete=models.PROTECT, related_name="rounds")
    opened_at = models.DateTimeField(db_index=True)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="round_once", fields=["school_id", "window", "occasion"])]

    def __str__(self) -> str:
        return f"{self.window} {self.occasion}"


class RoundList(ScopedModel):
    """The list of one class in a round; `place` is the class's. `rung` is how far up it was heard that it is missing.

    Signed, it says by whom and when, how many pupils stood on it and of how many there was a worry: none is a nil
    return.
    """

    DATA = {
        **SCOPED_DATA, "round": D1, "class_id": D1, "state": D1, "rung": D1, "signed_by": D1, "signed_at": D1,
        "pupils": D1, "worries": D3,
    }  # fmt: skip

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="lists")
    class_id = models.UUIDField[UUID, UUID](db_index=True)
    state = models.CharField(max_length=8, choices=ListState.choices, default=ListState.WAITING)
    rung = models.PositiveSmallIntegerField(default=0)
    signed_by = models.UUIDField[UUID | None, UUID | None](null=True)
    signed_at = models.DateTimeField(null=True)
    pupils = models.PositiveIntegerField(null=True)
    worries = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="roundlist_once", fields=["round", "class_id"]),
            models.CheckConstraint(
                name="roundlist_signed_whole",
                condition=~Q(state="signed")
                | (Q(signed_by__isnull=False) & Q(signed_at__isnull=False) & Q(pupils__isnull=False)
                   & Q(worries__isnull=False)),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.state} {self.class_id}"


class RoundLine(ScopedModel):
    """That one pupil was looked at in one list, and what was found. `noted` (JSON: factors, observations, words) is
    sealed under the pupil's key; `passed_on` is the urgency with which it went to triage, "" while it has not."""

    DATA = {
        **SCOPED_DATA, "list": D1, "student": D1, "key_id": D1, "finding": D3, "noted": D5, "passed_on": D3,
        "looked_by": D1, "looked_at": D1,
    }  # fmt: skip
    SCOPE = ("list__place",)

    list = models.ForeignKey(RoundList, on_delete=models.PROTECT, related_name="lines")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="round_lines")
    key_id = models.UUIDField[UUID, UUID]()
    finding = models.CharField(max_length=8, choices=Finding.choices)
    noted = SealedField(null=True, coded=True)
    passed_on = models.CharField(max_length=8, blank=True, default="")
    looked_by = models.UUIDField[UUID, UUID]()
    looked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="roundline_once", fields=["list", "student"]),
            models.CheckConstraint(
                name="roundline_worry_noted", condition=Q(finding="nothing", noted__isnull=True, passed_on="")
                | Q(finding="worry", noted__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.finding} {self.student_id}"
