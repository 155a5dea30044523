"""A pupil who was exposed to an incident, and the task of looking after the pupil."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.incidents.models.incident import Incident
from xinqiao.care.incidents.states import By, CareState, How
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Exposure(ScopedModel):
    """One pupil of one incident: in which way exposed, who looks after the pupil until when, and what came of it.

    `words` are sealed under the pupil's key. `signal_id` is the signal that a worry became. Whose task it is follows
    from `by` and from where the pupil is today: a new class teacher takes over with the class.
    """

    DATA = {
        **SCOPED_DATA, "incident": D1, "student": D1, "key_id": D1, "how": D3, "by": D1, "added_by": D1,
        "added_at": D1, "due_at": D1, "state": D3, "held_at": D1, "settled_by": D1, "settled_at": D1, "words": D5,
        "signal_id": D1,
    }  # fmt: skip
    SCOPE = ("student__place",)

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="exposures")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="exposures")
    key_id = models.UUIDField[UUID, UUID]()
    how = models.CharField(max_length=10, choices=How.choices)
    by = models.CharField(max_length=20, choices=By.choices)
    added_by = models.UUIDField[UUID, UUID]()
    added_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=CareState.choices, default=CareState.WAITING)
    held_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField[UUID | None, UUID | None](null=True)
    settled_at = models.DateTimeField(null=True)
    words = SealedField(null=True)
    signal_id = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="exposure_once", fields=["incident", "student"]),
            models.CheckConstraint(
                name="exposure_settled_whole",
                condition=Q(state="waiting", settled_at__isnull=True)
                | (~Q(state="waiting") & Q(settled_at__isnull=False) & Q(settled_by__isnull=False)
                   & (Q(state="fine") | Q(words__isnull=False))),
            ),
            models.CheckConstraint(
                name="exposure_worry_has_signal", condition=~Q(state="worry") | Q(signal_id__isnull=False)
            ),
        ]  # fmt: skip

    @classmethod
    def scope(cls, actor: Actor, permission: Permission) -> Q:
        """A class teacher reaches the tasks that fall to class teachers, of the own class alone; psychology teachers
        those of their school."""
        if permission is not Permission.INCIDENT_AFTERCARE:
            return super().scope(actor, permission)
        own = [grant.place for grant in actor.grants if grant.role == Role.CLASS_TEACHER]
        wide = [grant.place for grant in actor.grants if grant.role == Role.PSYCH_TEACHER]
        return within(wide, "student__place") | (Q(by=By.CLASS_TEACHER) & within(own, "student__place"))

    def __str__(self) -> str:
        return f"{self.how} {self.state}"
