"""What the guardians of everybody who took part in a screening are told."""

from uuid import UUID

from django.db import models

from xinqiao.care.screening.models import Campaign
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1


class Mailing(ScopedModel):
    """The words for everybody of one screening; they name nobody and say of nobody how he or she is.

    `read_digest` is the digest of the words as somebody (`read_by`) last read them through: released is only what was
    read as it stands. `revision` counts the changes; each letter keeps the words with which it went out.
    """

    DATA = {
        **SCOPED_DATA, "campaign": D1, "title": D1, "words": D1, "revision": D1, "written_by": D1, "written_at": D1,
        "read_by": D1, "read_at": D1, "read_digest": D1,
    }  # fmt: skip

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="mailing")
    title = models.CharField(max_length=60)
    words = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    written_by = models.UUIDField[UUID, UUID]()
    written_at = models.DateTimeField()
    read_by = models.UUIDField[UUID | None, UUID | None](null=True)
    read_at = models.DateTimeField(null=True)
    read_digest = models.BinaryField[bytes | None, bytes | None](max_length=32, null=True)

    def __str__(self) -> str:
        return self.title
