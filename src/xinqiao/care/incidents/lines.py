"""A running incident under a lock, a line of it with its clock, and its events. Private bodies of its commands."""

import datetime as dt
import json
from collections.abc import Mapping
from uuid import UUID

from xinqiao.care.incidents import rules
from xinqiao.care.incidents.clocks import CLOCK_OF_LINE, LINE, start
from xinqiao.care.incidents.errors import demand
from xinqiao.care.incidents.models import Incident, IncidentLine
from xinqiao.care.incidents.rows import every_incident
from xinqiao.care.incidents.states import IncidentState, LineKind
from xinqiao.engines.schedule import ClockRule
from xinqiao.foundation.audit.recording import record
from xinqiao.register.policy.parameters import Parameters


def running_incident(incident_id: UUID) -> Incident:
    """Return a running incident under a lock: nobody closes it or exposes a pupil meanwhile. Raises CannotDo."""
    incident = every_incident().select_for_update().get(pk=incident_id)
    demand("" if incident.state == IncidentState.OPEN else rules.IS_CLOSED)
    return incident


def write_line(
    incident: Incident, kind: LineKind, *, by: UUID, once: str, at: dt.datetime, parameters: Parameters,
    within: ClockRule | None = None, due_at: dt.datetime | None = None, code: str = "", position: int = 0,
    names: Mapping[str, str] | None = None, asked: str = "", owner: UUID | None = None,
) -> IncidentLine:  # fmt: skip
    """Write one line that waits, added `by` somebody, and start its clock: `within`, or a day set by a person."""
    line = IncidentLine(
        county_id=incident.county_id, place=incident.place, incident=incident, key_id=incident.key_id, once=once,
        kind=kind, code=code, position=position, names=json.dumps(dict(names or {})), asked=asked.strip() or None,
        added_by=by, owner=owner, began_at=at, due_at=at,
    )  # fmt: skip
    line.due_at = start(
        CLOCK_OF_LINE[kind], LINE, line.id, incident, within=within, at=at, parameters=parameters, due_at=due_at
    )
    line.save(force_insert=True)
    return line


def record_incident(incident: Incident, event: str, **facts: object) -> None:
    """Leave an event about an incident."""
    record(event, subject_kind="incident", subject_id=incident.id, place=incident.place,
           county_id=incident.county_id, facts=facts)  # fmt: skip


def record_leader(incident: Incident, leader: UUID) -> None:
    """Leave an event that somebody else leads."""
    record_incident(incident, "incidents.leader.named", leader=str(leader))
