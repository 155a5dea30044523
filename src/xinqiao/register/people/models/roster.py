"""A roster on its way into the register: the run, its file until it is done, and the rows that were refused.

Everything a file says of a person is sealed under a key of the run; the key goes with the last refused row.
"""

from uuid import UUID

from django.db import models

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.people.states import RosterState


class RosterRun(ScopedModel):
    """One file for one unit (`place`), from upload to its end. `counted_on` is the day from which moves count.

    `token` is the lease of whoever works on it: a chunk is written only by the holder, so that two never do.
    """

    DATA = {
        **SCOPED_DATA, "unit_id": D1, "key_id": D1, "state": D1, "counted_on": D1, "file_name": D2, "size_bytes": D1,
        "digest": D1, "uploaded_by": D1, "uploaded_at": D1, "accepted_by": D1, "accepted_at": D1,
        "finished_at": D1, "token": D1, "worked_at": D1, "row_count": D1, "done_count": D1, "created": D1,
        "updated": D1, "moved": D1, "unchanged": D1, "missing": D1, "rejected": D1, "failure": D1, "outcome": D2,
    }  # fmt: skip

    unit_id = models.UUIDField[UUID, UUID]()
    key_id = models.UUIDField[UUID, UUID]()
    state = models.CharField(max_length=10, choices=RosterState.choices, default=RosterState.UPLOADED)
    counted_on = models.DateField()
    file_name = SealedField()
    size_bytes = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    uploaded_by = models.UUIDField[UUID, UUID]()
    uploaded_at = models.DateTimeField()
    accepted_by = models.UUIDField[UUID | None, UUID | None](null=True)
    accepted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    token = models.CharField(max_length=32, blank=True)
    worked_at = models.DateTimeField(null=True)
    row_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=40, blank=True)
    outcome = SealedField(null=True)

    class Meta:
        indexes = [models.Index(name="rosterrun_state", fields=["state", "worked_at"])]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class RosterPart(ScopedModel):
    """A piece of the file, sealed; deleted when the run ends."""

    DATA = {**SCOPED_DATA, "run": D1, "key_id": D1, "number": D1, "body": D2}

    run = models.ForeignKey(RosterRun, on_delete=models.CASCADE, related_name="parts")
    key_id = models.UUIDField[UUID, UUID]()
    number = models.PositiveSmallIntegerField()
    body = SealedField(binary=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="rosterpart_once", fields=["run", "number"])]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"


class RosterRefusal(ScopedModel):
    """One reason why a row of an applied file was refused; listed until it is mended. `detail` is JSON:
    sheet, column, params, and the name, class and numbers as the file has them."""

    DATA = {
        **SCOPED_DATA, "run": D1, "key_id": D1, "row": D1, "code": D1, "detail": D2, "mended_at": D1, "mended_by": D1,
    }  # fmt: skip

    run = models.ForeignKey(RosterRun, on_delete=models.CASCADE, related_name="refusals")
    key_id = models.UUIDField[UUID, UUID]()
    row = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    detail = SealedField()
    mended_at = models.DateTimeField(null=True)
    mended_by = models.UUIDField[UUID | None, UUID | None](null=True)

    class Meta:
        indexes = [models.Index(name="rosterrefusal_open", fields=["place"], condition=models.Q(mended_at=None))]

    def __str__(self) -> str:
        return f"{self.run_id} {self.row} {self.code}"
