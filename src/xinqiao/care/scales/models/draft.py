"""A unit's own form while it is being made."""

from uuid import UUID

from django.db import models

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class ScaleDraft(ScopedModel):
    """`definition` is what there is of the scale file, as JSON; `remarks` (JSON) what its file could not say.

    `revision` counts the changes, so that nobody overwrites another's unseen. Once published or thrown away it has
    ended and never changes again.
    """

    DATA = {
        **SCOPED_DATA, "definition": D1, "remarks": D1, "revision": D1, "created_by": D1, "created_at": D1,
        "changed_by": D1, "changed_at": D1, "published_id": D1, "ended_at": D1,
    }  # fmt: skip

    definition = models.TextField()
    remarks = models.TextField(default="[]")
    revision = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField[UUID, UUID]()
    created_at = models.DateTimeField()
    changed_by = models.UUIDField[UUID, UUID]()
    changed_at = models.DateTimeField()
    published_id = models.UUIDField[UUID | None, UUID | None](null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="scaledraft_open", fields=["place"], condition=models.Q(ended_at=None))]

    def __str__(self) -> str:
        return f"draft {self.id}"
