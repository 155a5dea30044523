"""The base model and the change feed."""

from typing import ClassVar
from uuid import UUID

from django.db import models

from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.data_classes import D1, DataClass
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.core.places import PlaceField


class BaseModel(models.Model):
    """A row with a UUIDv7 known before the insert, and declared data classes."""

    DATA: ClassVar[dict[str, DataClass]] = {}

    id = models.UUIDField[UUID, UUID](primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class Change(BaseModel):
    """One thing that changed, for those who count or forward; readers claim rows and delete them."""

    DATA = {"id": D1, "topic": D1, "place": D1, "subject_id": D1, "at": D1}

    topic = models.CharField(max_length=80)
    place = PlaceField(blank=True)
    subject_id = models.UUIDField(null=True)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.topic} {self.subject_id}"


class JobMark(BaseModel):
    """When a scheduled job last began and last ended well, so that silence can be seen."""

    DATA = {"id": D1, "name": D1, "started_at": D1, "finished_at": D1, "outcome": D1}

    name = models.CharField(max_length=80, unique=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name
