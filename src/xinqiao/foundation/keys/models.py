"""Key subjects: whose key a sealed value is under."""

from uuid import UUID

from django.db import models

from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.data_classes import D1
from xinqiao.foundation.core.models import BaseModel


class SubjectKind(models.TextChoices):
    """Who or what has a key of its own."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    STAFF = "staff"
    GROUP = "group"
    INCIDENT = "incident"
    UNIT = "unit"


class KeySubject(BaseModel):
    """One data key, wrapped. Destroying it makes every value under it unreadable for ever, in old backups too."""

    DATA = {
        "id": D1, "kind": D1, "vault": D1, "master": D1, "wrapped": D1, "created_at": D1, "destroyed_at": D1,
    }  # fmt: skip

    kind = models.CharField(max_length=12, choices=SubjectKind.choices)
    vault = models.CharField(max_length=32, blank=True)
    master = models.CharField(max_length=12)
    wrapped = models.BinaryField[bytes, bytes]()
    created_at = models.DateTimeField(default=now)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="keysubject_destroyed_is_empty",
                condition=models.Q(destroyed_at__isnull=True) | models.Q(wrapped=b""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


def wrapping_context(subject_id: UUID) -> bytes:
    """What binds a wrapped key to its subject."""
    return b"xinqiao-key|" + subject_id.bytes
