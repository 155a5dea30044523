"""A joint activation of education and health: opened by the county, partners asked, how it stands, and its end."""

import datetime as dt
import json
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.incidents import rules
from xinqiao.care.incidents.clocks import (
    ACTIVATION,
    JOINT_ANSWER,
    JOINT_ARRIVAL,
    JOINT_SITUATION,
    PART,
    rules_at,
    start,
)
from xinqiao.care.incidents.errors import CannotDo, demand
from xinqiao.care.incidents.facts import demand_no_names
from xinqiao.care.incidents.lines import record_incident, write_line
from xinqiao.care.incidents.models import Incident, IncidentLine, JointActivation, JointNote, JointPart
from xinqiao.care.incidents.partners import partners_at
from xinqiao.care.incidents.rows import (
    every_activation,
    every_incident,
    every_joint_note,
    every_line,
    every_part,
    every_report,
)
from xinqiao.care.incidents.states import (
    PART_OPEN,
    IncidentState,
    JointState,
    LineKind,
    LineState,
    PartState,
    ReportState,
    part_sources,
)
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline
from xinqiao.register.policy.parameters import Parameters

LONGEST_WHOM = 80
SETTLING = {
    PartState.CAME: "incidents.part.came", PartState.DECLINED: "incidents.part.declined",
    PartState.WAIVED: "incidents.part.waived",
}  # fmt: skip


@dataclass(frozen=True)
class JointDraft:
    """Why education and health act together, on which level, with which institution, who leads for health, what that
    institution is asked for, and whether the expert team is called out; `once` comes with the form."""

    once: UUID
    level: str
    grounds: str
    partner: UUID
    lead_health: str
    asked: str
    is_calling: bool


@command(Permission.INCIDENT_RECEIVE)
def open_activation(incident: Incident, *, actor: Actor, draft: JointDraft) -> JointActivation | Unchanged:
    """Begin a joint activation for an incident of which the bureau has received a report. The institution of health is
    asked in the same step; the call-out of the expert team that waits at the school, or a new one, belongs to it.
    Whoever opens it leads for education. Raises CannotDo."""
    locked = every_incident().select_for_update().get(pk=incident.pk)
    if every_activation().filter(once=draft.once).exists():
        return Unchanged("opened_already")
    if every_activation().filter(incident=locked, state=JointState.ACTIVE).exists():
        return Unchanged("opened_already")
    demand("" if locked.state == IncidentState.OPEN else rules.IS_CLOSED)
    if not every_report().filter(incident=locked, state=ReportState.RECEIVED).exists():
        raise CannotDo(rules.NO_REPORT)
    at, parameters = now(), rules_at(locked.place)
    level = next((each for each in parameters.emergency.joint.levels if each.code == draft.level), None)
    partner = next((each for each in partners_at(locked.place, today()) if each.id == draft.partner), None)
    if level is None:
        raise CannotDo(rules.NO_SUCH_WORD)
    if partner is None:
        raise CannotDo(rules.NO_PARTNER)
    demand(rules.refusal_of_words(draft.grounds, draft.lead_health, draft.asked))
    demand_no_names(locked, draft.grounds, draft.asked)
    activation = JointActivation(
        county_id=locked.county_id, place=locked.place, incident=locked, key_id=locked.key_id, once=draft.once,
        level=level.code, level_names=json.dumps({"en": level.name.en, "zh": level.name.zh_hans}),
        grounds=draft.grounds.strip(), partner_id=partner.id, partner_name=partner.name,
        partner_contact=partner.contact, lead_education=actor.person_id, lead_health=draft.lead_health.strip(),
        call=_experts(locked, actor, draft, parameters, at), opened_by=actor.person_id, opened_at=at,
        situation_due_at=at,
    )  # fmt: skip
    activation.situation_due_at = _start_situation(activation, locked, at, parameters)
    activation.save(force_insert=True)
    _ask(activation, actor, draft.once, partner.name, draft.asked, at)
    record_incident(locked, "incidents.joint.opened", level=level.code)
    return activation


def _experts(
    incident: Incident, actor: Actor, draft: JointDraft, parameters: Parameters, at: dt.datetime
) -> IncidentLine | None:  # fmt: skip
    """The call-out that belongs to it: one that waits already, or a new one whose arrival the school notes."""
    waiting = every_line().filter(incident=incident, kind=LineKind.CALL, state=LineState.WAITING).first()
    if waiting is not None or not draft.is_calling:
        return waiting
    return write_line(
        incident, LineKind.CALL, by=actor.person_id, once=f"joint:{draft.once}", at=at, parameters=parameters,
        within=parameters.emergency.arrival_within, asked=draft.asked,
    )  # fmt: skip


def _start_situation(
    activation: JointActivation, incident: Incident, at: dt.datetime, parameters: Parameters
) -> dt.datetime:  # fmt: skip
    within = parameters.emergency.joint.situation_within
    return start(JOINT_SITUATION, ACTIVATION, activation.id, incident, within=within, at=at, parameters=parameters)


@command(Permission.INCIDENT_RECEIVE)
def ask_part(
    activation: JointActivation, *, actor: Actor, once: UUID, whom: str, words: str
) -> JointPart | Unchanged:  # fmt: skip
    """Ask one more partner for its part; its answer has a clock. Raises CannotDo."""
    locked = _locked(activation.pk)
    if every_part().filter(once=once).exists():
        return Unchanged("noted_already")
    demand(rules.refusal_of_words(whom, words) or (rules.TOO_LONG if len(whom) > LONGEST_WHOM else ""))
    demand_no_names(locked.incident, whom, words)
    part = _ask(locked, actor, once, whom, words, now())
    record_incident(locked.incident, "incidents.part.asked", part=str(part.id))
    return part


def _ask(
    activation: JointActivation, actor: Actor, once: UUID, whom: str, words: str, at: dt.datetime
) -> JointPart:  # fmt: skip
    parameters = rules_at(activation.place)
    part = JointPart(
        county_id=activation.county_id, place=activation.place, activation=activation, key_id=activation.key_id,
        once=once, whom=whom.strip(), asked=words.strip(), asked_by=actor.person_id, asked_at=at, due_at=at,
    )  # fmt: skip
    part.due_at = start(
        JOINT_ANSWER, PART, part.id, activation.incident, within=parameters.emergency.joint.answer_within, at=at,
        parameters=parameters,
    )  # fmt: skip
    part.save(force_insert=True)
    return part


@command(Permission.INCIDENT_RECEIVE)
def promise_part(
    part: JointPart, *, actor: Actor, people: int, arrives_at: dt.datetime, words: str
) -> JointPart | Unchanged:  # fmt: skip
    """Note what a partner contributes: how many people, from when. Its arrival then has a clock. Raises CannotDo."""
    fresh = _part_locked(part)
    if fresh.state == PartState.PROMISED:
        return Unchanged("noted_already")
    demand("" if fresh.state in part_sources(PartState.PROMISED) else rules.NOT_NOW)
    demand(rules.refusal_of_promise(people, arrives_at, asked_at=fresh.asked_at.replace(second=0, microsecond=0)))
    demand(rules.TOO_LONG if len(words) > rules.LONGEST else "")
    incident = fresh.activation.incident
    demand_no_names(incident, words)
    at = now()
    fresh.state, fresh.people, fresh.arrives_at, fresh.answered_at = PartState.PROMISED, people, arrives_at, at
    fresh.words, fresh.due_at = words.strip() or None, arrives_at
    fresh.save(update_fields=["state", "people", "arrives_at", "answered_at", "words", "due_at"])
    meet_deadline(JOINT_ANSWER, fresh.id, at=at, by=actor.person_id)
    start(
        JOINT_ARRIVAL, PART, fresh.id, incident, within=rules_at(fresh.place).emergency.joint.answer_within, at=at,
        parameters=rules_at(fresh.place), due_at=arrives_at,
    )  # fmt: skip
    record_incident(incident, "incidents.part.promised", part=str(fresh.id), count=people)
    return fresh


@command(Permission.INCIDENT_RECEIVE)
def settle_part(part: JointPart, *, actor: Actor, target: str, words: str) -> JointPart | Unchanged:
    """Note that a partner is there, cannot come, or is not needed any more; the last two with words. CannotDo."""
    fresh = _part_locked(part)
    if fresh.state == target:
        return Unchanged("settled_already")
    demand("" if target in SETTLING else rules.NO_SUCH_WORD)
    demand("" if fresh.state in part_sources(PartState(target)) else rules.NOT_NOW)
    demand("" if target == PartState.CAME and not words.strip() else rules.refusal_of_words(words))
    demand_no_names(fresh.activation.incident, words)
    at = now()
    clock = JOINT_ANSWER if fresh.state == PartState.WAITING else JOINT_ARRIVAL
    fresh.state, fresh.settled_by, fresh.settled_at = PartState(target), actor.person_id, at
    if words.strip():
        fresh.words = words.strip()
    fresh.save(update_fields=["state", "settled_by", "settled_at", "words"])
    if target == PartState.WAIVED:
        cancel_deadlines(fresh.id, at=at, reason="waived")
    else:
        meet_deadline(clock, fresh.id, at=at, by=actor.person_id)
    record_incident(fresh.activation.incident, SETTLING[PartState(target)], part=str(fresh.id))
    return fresh


@command(Permission.INCIDENT_RECEIVE)
def note_situation(
    activation: JointActivation, *, actor: Actor, once: UUID, at: dt.datetime, words: str
) -> JointNote | Unchanged:  # fmt: skip
    """Write on how it stands; the clock of the next line begins anew. Raises CannotDo."""
    locked = _locked(activation.pk)
    if every_joint_note().filter(once=once).exists():
        return Unchanged("noted_already")
    demand(rules.refusal_of_words(words) or rules.refusal_of_moment(at, now=now()))
    demand_no_names(locked.incident, words)
    note = JointNote(
        county_id=locked.county_id, place=locked.place, activation=locked, key_id=locked.key_id, once=once, at=at,
        words=words.strip(), noted_by=actor.person_id, noted_at=now(),
    )  # fmt: skip
    note.save(force_insert=True)
    meet_deadline(JOINT_SITUATION, locked.id, at=now(), by=actor.person_id)
    locked.situation_due_at = _start_situation(locked, locked.incident, now(), rules_at(locked.place))
    locked.save(update_fields=["situation_due_at"])
    record_incident(locked.incident, "incidents.joint.noted")
    return note


@command(Permission.INCIDENT_RECEIVE)
def end_activation(activation: JointActivation, *, actor: Actor, words: str) -> JointActivation | Unchanged:
    """End a joint activation, with a reason; a partner that still has to answer or arrive keeps it running. Raises
    CannotDo."""
    fresh = every_activation().select_related("incident").select_for_update(of=("self",)).get(pk=activation.pk)
    if fresh.state != JointState.ACTIVE:
        return Unchanged("ended_already")
    demand(rules.refusal_of_words(words))
    demand_no_names(fresh.incident, words)
    if every_part().filter(activation=fresh, state__in=PART_OPEN).exists():
        raise CannotDo(rules.PARTS_OPEN)
    fresh.state, fresh.ended_by, fresh.ended_at, fresh.ending = (
        JointState.ENDED, actor.person_id, now(), words.strip(),
    )  # fmt: skip
    fresh.save(update_fields=["state", "ended_by", "ended_at", "ending"])
    meet_deadline(JOINT_SITUATION, fresh.id, at=now(), by=actor.person_id)
    record_incident(fresh.incident, "incidents.joint.ended")
    return fresh


def _locked(activation_id: UUID) -> JointActivation:
    """Return a running activation under a lock, so that it is not ended meanwhile. Raises CannotDo."""
    rows = every_activation().select_related("incident").select_for_update(of=("self",))
    fresh: JointActivation = rows.get(pk=activation_id)
    demand("" if fresh.state == JointState.ACTIVE else rules.MODE_ENDED)
    return fresh


def _part_locked(part: JointPart) -> JointPart:
    _locked(part.activation_id)
    rows = every_part().select_related("activation__incident").select_for_update(of=("self",))
    fresh: JointPart = rows.get(pk=part.pk)
    return fresh
