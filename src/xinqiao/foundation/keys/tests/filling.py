"""A value for any plain field of any model, for stories that write a row of each."""

import os
import uuid

from django.db import models

from xinqiao.foundation.core.clock import now, today

_BY_KIND = (
    (models.UUIDField, uuid.uuid4), (models.DateTimeField, now), (models.DateField, today), (models.BooleanField, bool),
    (models.IntegerField, lambda: 1), (models.BinaryField, lambda: os.urandom(16)), (models.TextField, lambda: "{}"),
)  # fmt: skip


def plain_value(field: models.Field) -> object:
    """Return a value that fits a field that points to no other row and is not sealed. Raises TypeError."""
    if field.choices:
        return next(value for value, _ in field.choices if value != "")
    if isinstance(field, models.CharField):
        return uuid.uuid4().hex[: field.max_length or 32]
    for kind, value in _BY_KIND:
        if isinstance(field, kind):
            return value()
    raise TypeError(field)
