"""A class teacher's visit to a dormitory."""

from uuid import UUID

from django.db import models

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D5
from xinqiao.foundation.keys.fields import SealedField


class DormVisit(ScopedModel):
    """That a class teacher went to see the boarders of the class; `place` is the class's.

    `seen` is the general impression, sealed under the visitor's own key, since it may speak of children.
    """

    DATA = {
        **SCOPED_DATA, "class_id": D1, "key_id": D1, "visited_on": D1, "rooms": D1, "seen": D5, "visited_by": D1,
        "noted_at": D1,
    }  # fmt: skip

    class_id = models.UUIDField[UUID, UUID](db_index=True)
    key_id = models.UUIDField[UUID, UUID]()
    visited_on = models.DateField(db_index=True)
    rooms = models.CharField(max_length=80)
    seen = SealedField(null=True)
    visited_by = models.UUIDField[UUID, UUID]()
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.class_id} {self.visited_on}"
