"""The analysis meeting of a school, its agenda pupil by pupil, and what it decided."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.alerts.states import Level
from xinqiao.care.feedback.states import DecisionState, MeetingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2, D3, D5
from xinqiao.foundation.core.places import places_above
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


def _schools_around(actor: Actor, permission: Permission) -> list[str]:
    """The places at and above those where a person holds a right: a class teacher's school among them."""
    return [above for place in actor.places(permission) for above in places_above(place)]


class Meeting(ScopedModel):
    """One analysis meeting; of a school one is always ahead or under way. `led_by` is the named deputy principal.

    `present` (JSON) are ids of staff who sat, `others` who sat besides; `words` what was looked at beyond single
    pupils. They are sealed under the meeting's own key.
    """

    DATA = {
        **SCOPED_DATA, "school_id": D1, "key_id": D1, "state": D1, "due_on": D1, "called_at": D1, "led_by": D1,
        "opened_at": D1, "opened_by": D1, "held_at": D1, "held_by": D1, "present": D1, "others": D2, "words": D5,
    }  # fmt: skip

    school_id = models.UUIDField[UUID, UUID](db_index=True)
    key_id = models.UUIDField[UUID, UUID]()
    state = models.CharField(max_length=8, choices=MeetingState.choices, default=MeetingState.CALLED)
    due_on = models.DateField()
    called_at = models.DateTimeField()
    led_by = models.UUIDField[UUID | None, UUID | None](null=True)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.UUIDField[UUID | None, UUID | None](null=True)
    held_at = models.DateTimeField(null=True)
    held_by = models.UUIDField[UUID | None, UUID | None](null=True)
    present = models.TextField(default="[]")
    others = SealedField(null=True)
    words = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="meeting_one_ahead", fields=["school_id"], condition=~Q(state="held")),
            models.CheckConstraint(
                name="meeting_opened_when", condition=Q(state="called") | Q(opened_at__isnull=False)
            ),
            models.CheckConstraint(
                name="meeting_held_whole",
                condition=~Q(state="held")
                | (Q(held_at__isnull=False) & Q(held_by__isnull=False) & ~Q(present="[]") & Q(words__isnull=False)),
            ),
        ]  # fmt: skip

    @classmethod
    def scope(cls, actor: Actor, permission: Permission) -> Q:
        """Whoever attends for a class or grade reaches the meetings of the school around it."""
        if permission is not Permission.MEETING_ATTEND:
            return super().scope(actor, permission)
        return super().scope(actor, permission) | Q(place__in=_schools_around(actor, permission))

    def __str__(self) -> str:
        return f"{self.state} {self.due_on}"


class AgendaItem(ScopedModel):
    """One pupil on the agenda, as it stood when the meeting was opened: the level, and why the pupil is on it.

    `why` (JSON, codes: case, watch, overdue, feedback) and `words`, what was said, are sealed under the pupil's key.
    """

    DATA = {
        **SCOPED_DATA, "meeting": D1, "student": D1, "key_id": D1, "level": D3, "why": D5, "looked_at": D1, "words": D5,
    }  # fmt: skip
    SCOPE = ("student__place",)

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="agenda_items")
    key_id = models.UUIDField[UUID, UUID]()
    level = models.CharField(max_length=8, choices=Level.choices, blank=True, default="")
    why = SealedField(coded=True)
    looked_at = models.BooleanField(default=False)
    words = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="agendaitem_once", fields=["meeting", "student"]),
            models.CheckConstraint(
                name="agendaitem_looked_at_says", condition=Q(looked_at=False) | Q(words__isnull=False)
            ),
        ]  # fmt: skip

    @classmethod
    def scope(cls, actor: Actor, permission: Permission) -> Q:
        """Whoever attends reaches pupils whose level they may see anyway: the leading group attends without names."""
        seen = Permission.ATTENTION_VIEW if permission is Permission.MEETING_ATTEND else permission
        return super().scope(actor, seen)

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.student_id}"


class Decision(ScopedModel):
    """What a meeting decided: a task with an owner and a day. Sealed under the pupil's key, or else the meeting's."""

    DATA = {
        **SCOPED_DATA, "meeting": D1, "item": D1, "key_id": D1, "what": D5, "owner": D1, "due_on": D1, "state": D1,
        "written_at": D1, "done_at": D1, "done_by": D1, "done_words": D5,
    }  # fmt: skip

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(AgendaItem, null=True, on_delete=models.PROTECT, related_name="decisions")
    key_id = models.UUIDField[UUID, UUID]()
    what = SealedField()
    owner = models.UUIDField[UUID, UUID](db_index=True)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=DecisionState.choices, default=DecisionState.OPEN)
    written_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField[UUID | None, UUID | None](null=True)
    done_words = SealedField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_done_when",
                condition=~Q(state="done") | (Q(done_at__isnull=False) & Q(done_by__isnull=False)),
            )
        ]

    @classmethod
    def scope(cls, actor: Actor, permission: Permission) -> Q:
        """Whoever was given a task reaches it, while at the school; whoever holds meetings, all of the school."""
        if permission is not Permission.FEEDBACK_OWN:
            return super().scope(actor, permission)
        if actor.staff_id is None:
            return Q(pk__in=[])
        return Q(owner=actor.staff_id, place__in=_schools_around(actor, permission))

    def __str__(self) -> str:
        return f"{self.state} {self.due_on}"
