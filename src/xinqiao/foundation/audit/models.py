"""Audit events, what waits to be sealed, and the seals. Triggers (migration 0002) refuse update and delete."""

from uuid import UUID

from django.db import models

from xinqiao.foundation.core.data_classes import D1, D2
from xinqiao.foundation.core.models import BaseModel
from xinqiao.foundation.core.places import PlaceField
from xinqiao.foundation.keys.fields import SealedField

COMMON = UUID(int=0)


class AuditEvent(BaseModel):
    """One business event: who did what to whom, where and when. No foreign keys: it outlives what it names.

    `facts` holds codes and counts only (JSON); `labels` holds names, sealed under the subject's key. `mac` is an HMAC
    over every other column, under a key that is not in the database.
    """

    DATA = {
        "id": D1, "county_id": D1, "place": D1, "at": D1, "event": D1, "actor_id": D1, "actor_kind": D1,
        "actor_role": D1, "subject_kind": D1, "subject_id": D1, "facts": D1, "key_id": D1, "labels": D2, "mac": D1,
    }  # fmt: skip

    county_id = models.UUIDField[UUID, UUID](default=COMMON)
    place = PlaceField(blank=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=80, db_index=True)
    actor_id = models.UUIDField[UUID, UUID]()
    actor_kind = models.CharField(max_length=12)
    actor_role = models.CharField(max_length=24)
    subject_kind = models.CharField(max_length=24, blank=True)
    subject_id = models.UUIDField[UUID | None, UUID | None](null=True, db_index=True)
    facts = models.TextField(default="{}")
    key_id = models.UUIDField[UUID | None, UUID | None](null=True)
    labels = SealedField(null=True, coded=True)
    mac = models.BinaryField[bytes, bytes]()

    def __str__(self) -> str:
        return f"{self.event} {self.subject_id}"


class AuditPending(models.Model):
    """An event that no seal covers yet; the sealer removes the row in the transaction that seals."""

    DATA = {"event_id": D1, "county_id": D1}

    event_id = models.UUIDField[UUID, UUID](primary_key=True)
    county_id = models.UUIDField[UUID, UUID](default=COMMON)

    def __str__(self) -> str:
        return str(self.event_id)


class AuditSeal(BaseModel):
    """One link of a county's chain: the ids of the events it covers, in order, and an HMAC over all of it."""

    DATA = {"id": D1, "county_id": D1, "number": D1, "sealed_at": D1, "event_ids": D1, "mac": D1}

    county_id = models.UUIDField[UUID, UUID]()
    number = models.PositiveBigIntegerField()
    sealed_at = models.DateTimeField()
    event_ids = models.BinaryField[bytes, bytes]()
    mac = models.BinaryField[bytes, bytes]()

    class Meta:
        constraints = [models.UniqueConstraint(name="auditseal_one_per_number", fields=["county_id", "number"])]

    def __str__(self) -> str:
        return f"{self.county_id} {self.number}"
