"""A report of an incident to the bureau."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from xinqiao.care.incidents.models.incident import Incident
from xinqiao.care.incidents.states import ReportState
from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1, D5
from xinqiao.foundation.keys.fields import SealedField


class IncidentReport(ScopedModel):
    """The first, the follow-up or the final report, due by the policy in force when the incident was opened.

    `text` names no pupil. `is_checked` says that the policy asks for a second person, who is not the writer. `version`
    counts how often it was written, so that what was looked at is what is sent.
    """

    DATA = {
        **SCOPED_DATA, "incident": D1, "key_id": D1, "form": D1, "position": D1, "is_checked": D1, "due_at": D1,
        "state": D1, "version": D1, "text": D5, "written_by": D1, "written_at": D1, "checked_by": D1, "checked_at": D1,
        "sent_by": D1, "sent_at": D1, "sent_to": D1, "received_by": D1, "received_at": D1, "reason": D5,
    }  # fmt: skip

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reports")
    key_id = models.UUIDField[UUID, UUID]()
    form = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField()
    is_checked = models.BooleanField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ReportState.choices, default=ReportState.WAITING)
    version = models.PositiveSmallIntegerField(default=0)
    text = SealedField(null=True)
    written_by = models.UUIDField[UUID | None, UUID | None](null=True)
    written_at = models.DateTimeField(null=True)
    checked_by = models.UUIDField[UUID | None, UUID | None](null=True)
    checked_at = models.DateTimeField(null=True)
    sent_by = models.UUIDField[UUID | None, UUID | None](null=True)
    sent_at = models.DateTimeField(null=True)
    sent_to = models.CharField(max_length=120, blank=True)
    received_by = models.UUIDField[UUID | None, UUID | None](null=True)
    received_at = models.DateTimeField(null=True)
    reason = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="incidentreport_once", fields=["incident", "form"]),
            models.CheckConstraint(
                name="incidentreport_second_person",
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="incidentreport_sent_whole",
                condition=~Q(state__in=("sent", "received"))
                | (Q(text__isnull=False) & Q(sent_at__isnull=False) & ~Q(sent_to="")
                   & (Q(is_checked=False) | Q(checked_by__isnull=False))),
            ),
            models.CheckConstraint(
                name="incidentreport_waived_why", condition=~Q(state="waived") | Q(reason__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.form} {self.state}"
