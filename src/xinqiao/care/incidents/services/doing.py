"""What is done in an incident: lines settled or given a reason, departments asked, experts called out, actions of the
review."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.incidents import rules
from xinqiao.care.incidents.clocks import CLOCK_OF_LINE, due_on, rules_at
from xinqiao.care.incidents.errors import CannotDo, demand
from xinqiao.care.incidents.lines import record_incident, running_incident, write_line
from xinqiao.care.incidents.models import Incident, IncidentLine
from xinqiao.care.incidents.rows import every_line
from xinqiao.care.incidents.states import LineKind, LineState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline
from xinqiao.register.duty.selectors import staff_who_may


@dataclass(frozen=True)
class Done:
    """That a line was done: when, who was reached or took part, and what was said, answered or found."""

    at: dt.datetime
    people: str
    words: str


@command(Permission.INCIDENT_LEAD)
def settle_line(line: IncidentLine, *, actor: Actor, done: Done) -> IncidentLine | Unchanged:
    """Note that a line was done; of two at once the first counts. Raises CannotDo."""
    incident = running_incident(line.incident_id)
    demand(rules.refusal_of_done(line.kind, done.people, done.words))
    demand(rules.refusal_of_moment(done.at, now=now(), since=_earliest(line, incident)))
    return _settle(line, incident, actor, LineState.DONE, "incidents.line.done", done)


@command(Permission.INCIDENT_LEAD)
def waive_line(line: IncidentLine, *, actor: Actor, words: str) -> IncidentLine | Unchanged:
    """Say why a line is not done. Raises CannotDo."""
    incident = running_incident(line.incident_id)
    demand(rules.refusal_of_words(words))
    return _settle(line, incident, actor, LineState.WAIVED, "incidents.line.waived", Done(now(), "", words))


def _earliest(line: IncidentLine, incident: Incident) -> dt.datetime:
    return incident.happened_at if line.kind == LineKind.STEP else line.began_at.replace(second=0, microsecond=0)


def _settle(
    line: IncidentLine, incident: Incident, actor: Actor, state: LineState, event: str, done: Done
) -> IncidentLine | Unchanged:
    fresh = every_line().select_for_update().get(pk=line.pk)
    if fresh.state != LineState.WAITING:
        return Unchanged("settled_already")
    fresh.state, fresh.settled_by, fresh.settled_at = state, actor.person_id, now()
    fresh.done_at = done.at if state == LineState.DONE else None
    fresh.people, fresh.words = done.people.strip() or None, done.words.strip() or None
    fresh.save(update_fields=["state", "settled_by", "settled_at", "done_at", "people", "words"])
    if state == LineState.DONE:
        meet_deadline(CLOCK_OF_LINE[LineKind(line.kind)], line.id, at=now(), by=actor.person_id)
    else:
        cancel_deadlines(line.id, at=now(), reason="waived")
    record_incident(incident, event, line=str(line.id), what=line.kind)
    return fresh


@command(Permission.INCIDENT_LEAD)
def ask_department(
    incident: Incident, *, actor: Actor, once: UUID, department: str, words: str
) -> IncidentLine | Unchanged:
    """Keep that a department was asked for something; its answer has a clock. Raises CannotDo."""
    parameters = rules_at(incident.place)
    named = next((each for each in parameters.emergency.departments if each.code == department), None)
    if named is None:
        raise CannotDo(rules.NO_SUCH_WORD)
    return _add(
        incident, LineKind.ASK, actor, once, "incidents.department.asked", words,
        within=parameters.emergency.answer_within, code=department,
        names={"en": named.name.en, "zh": named.name.zh_hans},
    )  # fmt: skip


@command(Permission.INCIDENT_LEAD)
def call_experts(incident: Incident, *, actor: Actor, once: UUID, words: str) -> IncidentLine | Unchanged:
    """Call out the expert team; its arrival has a clock. Raises CannotDo."""
    running_incident(incident.pk)
    waiting = every_line().filter(incident=incident, kind=LineKind.CALL, state=LineState.WAITING)
    if waiting.exclude(once=f"form:{once}").exists():
        raise CannotDo(rules.ALREADY_CALLED)
    within = rules_at(incident.place).emergency.arrival_within
    return _add(incident, LineKind.CALL, actor, once, "incidents.experts.called", words, within=within)


@command(Permission.INCIDENT_LEAD)
def add_action(
    incident: Incident, *, actor: Actor, once: UUID, words: str, owner: UUID, until: dt.date
) -> IncidentLine | Unchanged:
    """Write down an action that the review led to: what, who, until when. Raises CannotDo."""
    if owner not in staff_who_may(Permission.INCIDENT_LEAD, incident.place, today()):
        raise CannotDo(rules.NO_OWNER)
    if until < today():
        raise CannotDo(rules.DAY_BEHIND)
    if every_line().filter(incident=incident, kind=LineKind.REVIEW).exclude(state=LineState.DONE).exists():
        raise CannotDo(rules.NOT_REVIEWED)
    return _add(
        incident, LineKind.ACTION, actor, once, "incidents.action.added", words, due_at=due_on(until), owner=owner
    )  # fmt: skip


def _add(
    incident: Incident, kind: LineKind, actor: Actor, once: UUID, event: str, words: str, **more: object
) -> IncidentLine | Unchanged:
    locked, known = running_incident(incident.pk), f"form:{once}"
    if every_line().filter(once=known).exists():
        return Unchanged("noted_already")
    demand(rules.refusal_of_words(words))
    line = write_line(
        locked,
        kind,
        by=actor.person_id,
        once=known,
        at=now(),
        parameters=rules_at(locked.place),
        asked=words,
        **more,  # type: ignore[arg-type]  # keywords of write_line
    )
    record_incident(locked, event, line=str(line.id))
    return line
