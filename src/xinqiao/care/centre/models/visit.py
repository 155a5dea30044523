"""Who came to the door without a booking."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.care.centre.models.roster import RosterHour
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D3, D5
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.models import Student


class Visit(ScopedModel):
    """That somebody came: a pupil, or one who did not say a name. `place` is the school's.

    `topics` (JSON: codes of the pack) is sealed under the pupil's key, or the counsellor's where nobody is named.
    `once` comes with the form, so that a double click is one visit.
    """

    DATA = {
        **SCOPED_DATA, "school_id": D1, "hour": D1, "student": D3, "key_id": D1, "came_at": D1, "minutes": D1,
        "topics": D5, "noted_by": D1, "once": D1,
    }  # fmt: skip

    school_id = models.UUIDField[UUID, UUID](db_index=True)
    hour = models.ForeignKey(RosterHour, null=True, on_delete=models.PROTECT, related_name="visits")
    student = models.ForeignKey(Student, null=True, on_delete=models.PROTECT, related_name="visits")
    key_id = models.UUIDField[UUID, UUID]()
    came_at = models.DateTimeField(db_index=True)
    minutes = models.PositiveSmallIntegerField()
    topics = SealedField(coded=True)
    noted_by = models.UUIDField[UUID, UUID]()
    once = models.UUIDField[UUID, UUID](unique=True)

    class Meta:
        constraints = [models.CheckConstraint(name="visit_minutes", condition=Q(minutes__gte=1, minutes__lte=480))]

    def __str__(self) -> str:
        return f"{self.came_at}"
