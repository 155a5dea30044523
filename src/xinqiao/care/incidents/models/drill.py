"""A drill of the emergency plan."""

from uuid import UUID

from django.db import models

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D5
from xinqiao.foundation.keys.fields import SealedField


class Drill(ScopedModel):
    """One drill at a school: the day, what was played through, who took part and what was found."""

    DATA = {
        **SCOPED_DATA, "school_id": D1, "key_id": D1, "once": D1, "held_on": D1, "scenario": D5, "people": D5,
        "found": D5, "noted_by": D1, "noted_at": D1,
    }  # fmt: skip

    school_id = models.UUIDField[UUID, UUID](db_index=True)
    key_id = models.UUIDField[UUID, UUID]()
    once = models.UUIDField[UUID, UUID](unique=True)
    held_on = models.DateField(db_index=True)
    scenario = SealedField()
    people = SealedField()
    found = SealedField()
    noted_by = models.UUIDField[UUID, UUID]()
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.school_id} {self.held_on}"
