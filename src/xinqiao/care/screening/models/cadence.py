"""That a school was reminded of a screening that the policy asks for: once for each day and state."""

from uuid import UUID

from django.db import models

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class CadenceReminder(ScopedModel):
    """One reminder of one school (`place`) about what was due on a day: `kind` is soon or late, and of the
    register reg-soon or reg-late (`grades` is then 0)."""

    DATA = {**SCOPED_DATA, "school_id": D1, "due_on": D1, "kind": D1, "grades": D1, "reminded_at": D1}

    school_id = models.UUIDField[UUID, UUID]()
    due_on = models.DateField()
    kind = models.CharField(max_length=8)
    grades = models.PositiveSmallIntegerField()
    reminded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="cadencereminder_once", fields=["school_id", "due_on", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on} {self.school_id}"
