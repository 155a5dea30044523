"""Audit events of pupils' acts, built and signed by the audit's own functions and written as raw rows."""

import datetime as dt
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from xinqiao.care.sheets.intake.store import Insert
from xinqiao.care.sheets.intake.tickets import Ticket
from xinqiao.care.sheets.states import Informant
from xinqiao.foundation.access.actors import UNNAMED_ID
from xinqiao.foundation.audit.events import event_kind
from xinqiao.foundation.audit.recording import facts_text, row_mac
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.ids import new_id

_EVENT_COLUMNS = (
    "id", "county_id", "place", "at", "event", "actor_id", "actor_kind", "actor_role", "subject_kind", "subject_id",
    "facts", "key_id", "labels", "mac",
)  # fmt: skip
_VALUES = attrgetter(*_EVENT_COLUMNS)
EVENTS = Insert("audit_auditevent", _EVENT_COLUMNS)
PENDING = Insert("audit_auditpending", ("event_id", "county_id"))
CHANGES = Insert("core_change", ("id", "topic", "place", "subject_id", "at"))


@dataclass(slots=True)
class PupilEvent:
    """The columns of an audit event; a row of the ORM costs more than signing it, and there are two a screening."""

    id: UUID
    county_id: UUID
    place: str
    at: dt.datetime
    event: str
    actor_id: UUID
    actor_kind: str
    actor_role: str
    subject_kind: str
    subject_id: UUID
    facts: str
    key_id: None = None
    labels: None = None
    mac: bytes = b""


_OF_FORMS = {
    "sheets.sitting.entered": "sheets.form.entered",
    "sheets.sitting.submitted": "sheets.form.submitted",
    "sheets.critical.ticked": "sheets.form.ticked",
    "sheets.talk.asked": "sheets.form.talk_asked",
}


def said_of(informant: str, event: str) -> tuple[str, dict[str, str]]:
    """Return the event as it is named where not the pupil answers, and who does as a fact."""
    return (event, {}) if informant == Informant.SELF else (_OF_FORMS[event], {"informant": str(informant)})


def pupil_event(event: str, ticket: Ticket, informant: str = Informant.SELF, **facts: Any) -> PupilEvent:
    """Return the signed event of something done in a sitting. `facts` are codes and counts, never an answer."""
    event, more = said_of(informant, event)
    facts |= more
    return sitting_event(event, ticket.student_id, ticket.sitting_id, ticket.place, ticket.county_id,
                         origin_id=ticket.origin_id, **facts)  # fmt: skip


def sitting_event(
    event: str, student_id: UUID, sitting_id: UUID, place: str, county_id: UUID, **facts: Any
) -> PupilEvent:
    """Return a signed event about a sitting; the actor is the pupil, or whoever held the pupil's PIN."""
    event_kind(event)
    row = PupilEvent(
        new_id(), county_id, place, now(), event, student_id, "student", "student", "sitting", sitting_id,
        facts_text(facts),
    )  # fmt: skip
    row.mac = row_mac(row)
    return row


def own_event(
    event: str, student_id: UUID, place: str, county_id: UUID, subject_kind: str, subject_id: UUID, **facts: Any
) -> PupilEvent:
    """Return a signed event of what a pupil did of their own accord, outside of any sitting."""
    event_kind(event)
    row = PupilEvent(
        new_id(), county_id, place, now(), event, student_id, "student", "student", subject_kind, subject_id,
        facts_text(facts),
    )  # fmt: skip
    row.mac = row_mac(row)
    return row


def unnamed_event(event: str, place: str, county_id: UUID, subject_kind: str, subject_id: UUID) -> PupilEvent:
    """Return a signed event of something that nobody shall be found by: without who, and at the school as a whole."""
    event_kind(event)
    row = PupilEvent(
        new_id(), county_id, place, now(), event, UNNAMED_ID, "unnamed", "unnamed", subject_kind, subject_id, "{}"
    )
    row.mac = row_mac(row)
    return row


def event_values(row: PupilEvent) -> tuple[Any, ...]:
    """Return the values of EVENTS in order."""
    values: tuple[Any, ...] = _VALUES(row)
    return values


def change_values(row: PupilEvent) -> tuple[Any, ...]:
    """Return the values of CHANGES in order."""
    return (new_id(), row.event, row.place, row.subject_id, row.at)
