"""A staff list on its way into the register. What it says of a person is sealed under a key of the list."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D2
from xinqiao.foundation.keys.fields import SealedField
from xinqiao.register.staffing.states import ListState, Match


class StaffRun(ScopedModel):
    """One file for one school (`place`). `roles_by` is who said yes to the roles: people and roles are two yeses, and
    may be two persons'. `token` is the lease of whoever writes.
    """

    DATA = {
        **SCOPED_DATA, "unit_id": D1, "key_id": D1, "state": D1, "file_name": D2, "uploaded_by": D1, "uploaded_at": D1,
        "accepted_by": D1, "accepted_at": D1, "roles_by": D1, "finished_at": D1, "token": D1, "worked_at": D1,
    }  # fmt: skip

    unit_id = models.UUIDField[UUID, UUID]()
    key_id = models.UUIDField[UUID, UUID]()
    state = models.CharField(max_length=10, choices=ListState.choices, default=ListState.CHECKED)
    file_name = SealedField()
    uploaded_by = models.UUIDField[UUID, UUID]()
    uploaded_at = models.DateTimeField()
    accepted_by = models.UUIDField[UUID | None, UUID | None](null=True)
    accepted_at = models.DateTimeField(null=True)
    roles_by = models.UUIDField[UUID | None, UUID | None](null=True)
    finished_at = models.DateTimeField(null=True)
    token = models.CharField(max_length=32, blank=True)
    worked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="staffrun_state", fields=["state", "worked_at"])]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class StaffLine(ScopedModel):
    """One row of the file. `body` is JSON: what it says, or why it is refused; `candidates` the staff it may mean;
    `decision` somebody's answer to a doubt (new, skip, or a staff id); `refused_roles` role and place → code.
    """

    DATA = {
        **SCOPED_DATA, "run": D1, "key_id": D1, "row": D1, "match": D1, "body": D2, "candidates": D1, "decision": D1,
        "staff_id": D1, "written_at": D1, "roles_at": D1, "refused_roles": D1,
    }  # fmt: skip

    run = models.ForeignKey(StaffRun, on_delete=models.CASCADE, related_name="lines")
    key_id = models.UUIDField[UUID, UUID]()
    row = models.PositiveIntegerField()
    match = models.CharField(max_length=8, choices=Match.choices)
    body = SealedField()
    candidates = models.JSONField[list[str], list[str]](default=list)
    decision = models.CharField(max_length=40, blank=True)
    staff_id = models.UUIDField[UUID | None, UUID | None](null=True)
    written_at = models.DateTimeField(null=True)
    roles_at = models.DateTimeField(null=True)
    refused_roles = models.JSONField[dict[str, Any], dict[str, Any]](default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="staffline_written_whom", condition=Q(written_at__isnull=True) | Q(staff_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.row}"
