"""Teaching parents: a lesson of the parent school or a parents' meeting with something about the mind in it."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.support.states import SessionKind, SessionWay
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class ParentSession(ScopedModel):
    """That parents of a class, a grade or a whole school (`unit_id`, whose place it is) were taught something.

    `families` came, of `invited` (a family for each pupil who was there that day). It names nobody. `key` is drawn with
    the form: the same form sent twice is one session.
    """

    DATA = {
        **SCOPED_DATA, "unit_id": D1, "key": D1, "kind": D1, "way": D1, "title": D1, "topic": D1, "held_on": D1,
        "led_by": D1, "families": D1, "invited": D1, "noted_by": D1, "noted_at": D1,
    }  # fmt: skip

    unit_id = models.UUIDField[UUID, UUID](db_index=True)
    key = models.UUIDField[UUID, UUID](unique=True)
    kind = models.CharField(max_length=8, choices=SessionKind.choices)
    way = models.CharField(max_length=8, choices=SessionWay.choices)
    title = models.CharField(max_length=60)
    topic = models.CharField(max_length=40)
    held_on = models.DateField(db_index=True)
    led_by = models.CharField(max_length=40)
    families = models.PositiveIntegerField()
    invited = models.PositiveIntegerField()
    noted_by = models.UUIDField[UUID, UUID]()
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="parentsession_no_more_than_invited", condition=Q(families__lte=F("invited"))),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.held_on}"
