"""Opening an incident: the plan with its clocks, the reports that are due, and word to those who lead; its leader, its
notes and its end."""

import datetime as dt
import json
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.incidents import rules
from xinqiao.care.incidents.clocks import INCIDENT_REPORT, REPORT, rules_at, start
from xinqiao.care.incidents.errors import CannotDo, demand
from xinqiao.care.incidents.facts import end_facts
from xinqiao.care.incidents.lines import record_incident, record_leader, write_line
from xinqiao.care.incidents.models import Incident, IncidentNote, IncidentReport
from xinqiao.care.incidents.rows import every_incident, every_note
from xinqiao.care.incidents.states import IncidentState, LineKind
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.states import SCHOOL_KINDS
from xinqiao.register.policy.parameters import Parameters


@dataclass(frozen=True)
class IncidentDraft:
    """What happened, when and where, and who leads; `once` comes with the form, so that it opens one incident."""

    once: UUID
    kind: str
    happened_at: dt.datetime
    where: str
    what: str
    leader: UUID


@command(Permission.INCIDENT_LEAD)
def open_incident(school: Unit, *, actor: Actor, draft: IncidentDraft) -> Incident | Unchanged:
    """Open an incident at a school; the clocks of its plan, its reports and its review begin now. Raises CannotDo."""
    Unit.objects.select_for_update().get(pk=school.pk)  # of two clicks at once the second waits for the first
    if every_incident().filter(once=draft.once).exists():
        return Unchanged("opened_already")
    at, parameters = now(), rules_at(school.path)
    kind = next((each for each in parameters.emergency.kinds if each.code == draft.kind), None)
    if school.kind not in SCHOOL_KINDS:
        raise CannotDo(rules.NOT_AT_SCHOOL)
    if kind is None:
        raise CannotDo(rules.NO_SUCH_KIND)
    demand(rules.refusal_of_moment(draft.happened_at, now=at))
    demand(rules.refusal_of_words(draft.where, draft.what))
    _demand_leader(school.path, draft.leader)
    incident = Incident(
        county_id=school.shard_id, place=school.path, school_id=school.id, key_id=new_key(SubjectKind.INCIDENT),
        once=draft.once, kind=kind.code, names=json.dumps({"en": kind.name.en, "zh": kind.name.zh_hans}),
        happened_at=draft.happened_at, where=draft.where.strip(), what=draft.what.strip(), leader=draft.leader,
        opened_by=actor.person_id, opened_at=at,
    )  # fmt: skip
    incident.save(force_insert=True)
    _draw_up(incident, parameters, at)
    words = parameters.emergency.ladder[0]
    sent = send_neutral_word(
        (*words, "leading_group"), parameters.nobody_on_duty, school.path, about_kind="incident", about_id=incident.id,
        at=at, is_urgent=True,
    )  # fmt: skip
    record_incident(incident, "incidents.incident.opened", kind=kind.code, sent=sent)
    return incident


def _draw_up(incident: Incident, parameters: Parameters, at: dt.datetime) -> None:
    """Write what the policy asks for: steps, reports, the review."""
    emergency = parameters.emergency
    for position, step in enumerate(emergency.plan_for(incident.kind), 1):
        write_line(
            incident, LineKind.STEP, by=incident.opened_by, once=f"step:{incident.id}:{step.code}", at=at,
            parameters=parameters, within=step.within, code=step.code, position=position,
            names={"en": step.name.en, "zh": step.name.zh_hans},
        )  # fmt: skip
    write_line(
        incident,
        LineKind.REVIEW,
        by=incident.opened_by,
        once=f"review:{incident.id}",
        at=at,
        parameters=parameters,
        within=emergency.review_within,
    )
    for position, each in enumerate(emergency.reports, 1):
        report = IncidentReport(
            county_id=incident.county_id, place=incident.place, incident=incident, key_id=incident.key_id,
            form=each.form, position=position, is_checked=each.is_checked, due_at=at,
        )  # fmt: skip
        report.due_at = start(
            INCIDENT_REPORT, REPORT, report.id, incident, within=each.within, at=at, parameters=parameters
        )
        report.save(force_insert=True)


@command(Permission.INCIDENT_LEAD)
def name_leader(incident: Incident, *, actor: Actor, leader: UUID) -> Incident | Unchanged:  # noqa: ARG001 - asked by @command
    """Let somebody else lead an incident. Raises CannotDo."""
    _demand_leader(incident.place, leader)
    moved = every_incident().filter(pk=incident.pk, state=IncidentState.OPEN).exclude(leader=leader)
    if not moved.update(leader=leader):
        return Unchanged("leads_already")
    record_leader(incident, leader)
    return incident


@command(Permission.INCIDENT_LEAD)
def add_note(incident: Incident, *, actor: Actor, once: UUID, at: dt.datetime, words: str) -> IncidentNote | Unchanged:
    """Note something of the course of an incident. Raises CannotDo."""
    locked = every_incident().select_for_update().get(pk=incident.pk)
    if every_note().filter(once=once).exists():
        return Unchanged("noted_already")
    demand("" if locked.state == IncidentState.OPEN else rules.IS_CLOSED)
    demand(rules.refusal_of_words(words) or rules.refusal_of_moment(at, now=now()))
    note = IncidentNote(
        county_id=incident.county_id, place=incident.place, incident=incident, key_id=incident.key_id, once=once,
        at=at, words=words.strip(), noted_by=actor.person_id, noted_at=now(),
    )  # fmt: skip
    note.save(force_insert=True)
    record_incident(incident, "incidents.note.added")
    return note


@command(Permission.INCIDENT_LEAD)
def close_incident(incident: Incident, *, actor: Actor, words: str) -> Incident | Unchanged:
    """Close an incident of which nothing waits any more. Raises CannotDo with everything that stands against it."""
    locked = every_incident().select_for_update().get(pk=incident.pk)
    if locked.state != IncidentState.OPEN:
        return Unchanged("closed_already")
    refused = [code for code in (rules.refusal_of_words(words),) if code]
    refused += rules.obstacles_to_close(end_facts(locked))
    if refused:
        raise CannotDo(*refused)
    locked.state, locked.closed_by, locked.closed_at = IncidentState.CLOSED, actor.person_id, now()
    locked.closing = words.strip()
    locked.save(update_fields=["state", "closed_by", "closed_at", "closing"])
    record_incident(locked, "incidents.incident.closed")
    return locked


def _demand_leader(place: str, leader: UUID) -> None:
    if leader not in staff_who_may(Permission.INCIDENT_LEAD, place, today()):
        raise CannotDo(rules.NO_LEADER)
