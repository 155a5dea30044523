"""Staff: a person who works at a unit."""

from uuid import UUID

from django.db import models

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.states import Employment


class Staff(ScopedModel):
    """A member of staff; what they may do is a membership in accounts.

    Above the county, `county_id` is the unit's own id.
    """

    DATA = {
        **SCOPED_DATA, "key_id": D1, "name": D2, "phone": D2, "phone_index": D2, "mail": D2, "title": D1, "left_on": D1,
        "number": D2, "number_index": D2, "employment": D1, "qualification": D1,
    }  # fmt: skip

    key_id = models.UUIDField[UUID, UUID]()
    name = SealedField()
    phone = SealedField(null=True, coded=True)
    phone_index = models.BinaryField[bytes | None, bytes | None](max_length=16, null=True, db_index=True)
    mail = SealedField(null=True, coded=True)
    title = models.CharField(max_length=40, blank=True)
    number = SealedField(null=True)
    number_index = models.BinaryField[bytes | None, bytes | None](max_length=16, null=True, db_index=True)
    employment = models.CharField(max_length=4, choices=Employment.choices, blank=True, default="")
    qualification = models.CharField(max_length=60, blank=True, default="")
    left_on = models.DateField(null=True)

    def __str__(self) -> str:
        return str(self.id)
