"""A feedback that is owed to teachers or to a guardian, the words that teachers open, and tries to reach a guardian."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.alerts.models import Signal
from xinqiao.care.feedback.states import Audience, FeedbackState, Through, TryOutcome, TryWay
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student

ENDED = ("given", "withheld", "refused", "unreachable", "dropped")


class Feedback(ScopedModel):
    """One feedback on one flagged pupil; of each audience one at most is running.

    `signal` is the one whose talk flagged the pupil, empty where a case or a level began without one. `words` are what
    teachers read, frozen when they were released. `reason` says why a guardian was given up.
    """

    DATA = {
        **SCOPED_DATA, "student": D1, "key_id": D1, "to": D1, "state": D3, "flagged_at": D3, "signal": D1,
        "due_at": D1, "words": D3, "done_at": D1, "done_by": D1, "through": D3, "origin_id": D1, "reason": D5,
    }  # fmt: skip
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="feedback")
    key_id = models.UUIDField[UUID, UUID]()
    to = models.CharField(max_length=8, choices=Audience.choices)
    state = models.CharField(max_length=12, choices=FeedbackState.choices, default=FeedbackState.OWED)
    flagged_at = models.DateTimeField(db_index=True)
    signal = models.ForeignKey(Signal, null=True, on_delete=models.PROTECT, related_name="feedback")
    due_at = models.DateTimeField()
    words = SealedField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField[UUID | None, UUID | None](null=True)
    through = models.CharField(max_length=12, choices=Through.choices, blank=True, default="")
    origin_id = models.UUIDField[UUID | None, UUID | None](null=True)
    reason = SealedField(null=True)

    class Meta:
        indexes = [models.Index(name="feedback_to_follow", fields=["to", "id"], condition=Q(done_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                name="feedback_one_running", fields=["student", "to"], condition=Q(state__in=("owed", "released"))
            ),
            models.CheckConstraint(
                name="feedback_ended_when", condition=~Q(state__in=ENDED) | Q(done_at__isnull=False)
            ),
            models.CheckConstraint(
                name="feedback_given_through", condition=~Q(state__in=("given", "withheld")) | ~Q(through="")
            ),
            models.CheckConstraint(
                name="feedback_released_words", condition=~Q(state="released") | Q(words__isnull=False)
            ),
            models.CheckConstraint(
                name="feedback_given_up_why", condition=~Q(state="unreachable") | Q(reason__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.to} {self.state} {self.student_id}"


class TeacherWord(ScopedModel):
    """That one teacher may open the words of a feedback; `opened_at` is the receipt, `ended_at` that it was taken back.

    `place` is where the teacher stands, so that the right ends with the role. `sees_level` is for class teachers and
    heads of grades; others read the words alone. `released_by` is None where the level's own advice is the words.
    """

    DATA = {
        **SCOPED_DATA, "feedback": D1, "staff_id": D1, "sees_level": D1, "released_by": D1, "released_at": D1,
        "opened_at": D1, "ended_at": D1,
    }  # fmt: skip

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="teachers")
    staff_id = models.UUIDField[UUID, UUID](db_index=True)
    sees_level = models.BooleanField(default=False)
    released_by = models.UUIDField[UUID | None, UUID | None](null=True)
    released_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="teacherword_once", fields=["feedback", "staff_id"])]

    @classmethod
    def scope(cls, actor: Actor, permission: Permission) -> Q:
        """A teacher reaches the words that are meant for this very person, while the role lasts."""
        if permission is not Permission.FEEDBACK_OWN:
            return Q(pk__in=[])
        if actor.staff_id is None:
            return Q(pk__in=[])
        return super().scope(actor, permission) & Q(staff_id=actor.staff_id, ended_at__isnull=True)

    def __str__(self) -> str:
        return f"{self.staff_id} {self.opened_at}"


class GuardianTry(ScopedModel):
    """One try to give a guardian the feedback: when, how, with whom, what came of it; how it was received is sealed."""

    DATA = {
        **SCOPED_DATA, "feedback": D1, "key_id": D1, "tried_at": D1, "way": D1, "guardian_id": D1, "outcome": D3,
        "words": D5, "recorded_by": D1, "recorded_at": D1,
    }  # fmt: skip
    SCOPE = ("feedback__student__place",)

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="tries")
    key_id = models.UUIDField[UUID, UUID]()
    tried_at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=TryWay.choices)
    guardian_id = models.UUIDField[UUID | None, UUID | None](null=True)
    outcome = models.CharField(max_length=8, choices=TryOutcome.choices)
    words = SealedField()
    recorded_by = models.UUIDField[UUID, UUID]()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.outcome} {self.tried_at}"
