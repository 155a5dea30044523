"""Audit events of pupils' acts, built and signed by the audit's own functions and written as raw rows."""

from typing import Any
from uuid import UUID

from xinqiao.care.sheets.intake.store import Insert
from xinqiao.care.sheets.intake.tickets import Ticket
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import prepare_event, row_mac
from xinqiao.foundation.core.ids import new_id

_EVENT_COLUMNS = (
    "id", "county_id", "place", "at", "event", "actor_id", "actor_kind", "actor_role", "subject_kind", "subject_id",
    "facts", "key_id", "labels", "mac",
)  # fmt: skip
EVENTS = Insert("audit_auditevent", _EVENT_COLUMNS)
PENDING = Insert("audit_auditpending", ("event_id", "county_id"))
CHANGES = Insert("core_change", ("id", "topic", "place", "subject_id", "at"))


def pupil_event(event: str, ticket: Ticket, **facts: Any) -> AuditEvent:
    """Return the signed event of something a pupil did in a sitting. `facts` are codes and counts, never an answer."""
    return sitting_event(event, ticket.student_id, ticket.sitting_id, ticket.place, ticket.county_id,
                         origin_id=ticket.origin_id, **facts)  # fmt: skip


def sitting_event(
    event: str, student_id: UUID, sitting_id: UUID, place: str, county_id: UUID, **facts: Any
) -> AuditEvent:
    """Return a signed event about a sitting; the actor is the pupil, or whoever held the pupil's PIN."""
    row = prepare_event(
        event, Actor(id=student_id, kind="student", own_student_id=student_id), subject_kind="sitting",
        subject_id=sitting_id, place=place, county_id=county_id, facts=facts,
    )  # fmt: skip
    row.mac = row_mac(row)
    return row


def event_values(row: AuditEvent) -> tuple[Any, ...]:
    """Return the values of EVENTS in order."""
    return tuple(getattr(row, name) for name in _EVENT_COLUMNS)


def change_values(row: AuditEvent) -> tuple[Any, ...]:
    """Return the values of CHANGES in order."""
    return (new_id(), row.event, row.place, row.subject_id, row.at)
