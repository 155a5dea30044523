"""What the public says of an incident: collected, judged, answered, closed. Each step has a clock of its own."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.incidents import rules
from xinqiao.care.incidents.clocks import OPINION, OPINION_ANSWER, OPINION_CLOSE, OPINION_JUDGE, rules_at, start
from xinqiao.care.incidents.errors import CannotDo, demand
from xinqiao.care.incidents.facts import demand_no_names
from xinqiao.care.incidents.lines import record_incident, running_incident
from xinqiao.care.incidents.models import Incident, OpinionItem
from xinqiao.care.incidents.rows import every_incident, every_opinion
from xinqiao.care.incidents.states import Grave, OpinionState, Truth
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline
from xinqiao.register.duty.selectors import staff_who_may


@dataclass(frozen=True)
class Found:
    """What was found: where it stands, what it says in short, when it was found, an address of the web or "";
    `once` comes with the form."""

    once: UUID
    where: str
    says: str
    found_at: dt.datetime
    link: str


@dataclass(frozen=True)
class Judgement:
    """How grave an item is, whether it is so, who answers it, and why."""

    grave: str
    truth: str
    answerer: UUID
    words: str


@dataclass(frozen=True)
class Answer:
    """What was answered, where and when."""

    words: str
    where: str
    at: dt.datetime


@command(Permission.INCIDENT_LEAD)
def collect_opinion(incident: Incident, *, actor: Actor, found: Found) -> OpinionItem | Unchanged:
    """Keep something that the public says; the clock of its judgement begins now. Raises CannotDo."""
    locked = running_incident(incident.pk)
    if every_opinion().filter(once=found.once).exists():
        return Unchanged("noted_already")
    demand(rules.refusal_of_words(found.where, found.says) or rules.refusal_of_link(found.link))
    demand(
        rules.refusal_of_moment(found.found_at, now=now(), since=locked.happened_at.replace(second=0, microsecond=0))
    )
    demand_no_names(locked, found.where, found.says, found.link)
    at, parameters = now(), rules_at(locked.place)
    item = OpinionItem(
        county_id=locked.county_id, place=locked.place, incident=locked, key_id=locked.key_id, once=found.once,
        found_at=found.found_at, where=found.where.strip(), says=found.says.strip(), link=found.link.strip() or None,
        is_counted=parameters.emergency.is_opinion_counted, collected_by=actor.person_id, collected_at=at, due_at=at,
    )  # fmt: skip
    within = parameters.emergency.opinion_judged_within
    item.due_at = start(OPINION_JUDGE, OPINION, item.id, locked, within=within, at=at, parameters=parameters)
    item.save(force_insert=True)
    _record(item, "incidents.opinion.collected")
    return item


@command(Permission.INCIDENT_LEAD)
def judge_opinion(item: OpinionItem, *, actor: Actor, judgement: Judgement) -> OpinionItem | Unchanged:
    """Say how grave an item is, whether it is so and who answers; the clock of the answer begins now. Of two at once
    the first counts. Raises CannotDo."""
    incident, fresh = _locked(item)
    if fresh.judged_at is not None and fresh.judged_by == actor.person_id:
        return Unchanged("judged_already")
    demand("" if fresh.state == OpinionState.FOUND else rules.SETTLED)
    if judgement.grave not in Grave.values or judgement.truth not in Truth.values:
        raise CannotDo(rules.NO_SUCH_WORD)
    if judgement.answerer not in staff_who_may(Permission.INCIDENT_LEAD, incident.place, today()):
        raise CannotDo(rules.NO_OWNER)
    demand(rules.refusal_of_words(judgement.words))
    demand_no_names(incident, judgement.words)
    at, parameters = now(), rules_at(incident.place)
    fresh.state, fresh.judged_by, fresh.judged_at = OpinionState.JUDGED, actor.person_id, at
    fresh.grave, fresh.truth, fresh.answerer = judgement.grave, judgement.truth, judgement.answerer
    fresh.judgement = judgement.words.strip()
    meet_deadline(OPINION_JUDGE, fresh.id, at=at, by=actor.person_id)
    within = parameters.emergency.opinion_answered_within[fresh.grave]
    fresh.due_at = start(OPINION_ANSWER, OPINION, fresh.id, incident, within=within, at=at, parameters=parameters)
    fresh.save()
    _record(fresh, "incidents.opinion.judged", grave=fresh.grave, truth=fresh.truth)
    return fresh


@command(Permission.INCIDENT_LEAD)
def answer_opinion(item: OpinionItem, *, actor: Actor, answer: Answer) -> OpinionItem | Unchanged:
    """Keep what was answered, where and when; until it is looked at again a clock runs. Raises CannotDo."""
    incident, fresh = _locked(item)
    if fresh.answered_at is not None and fresh.answered_by == actor.person_id:
        return Unchanged("answered_already")
    demand("" if fresh.state == OpinionState.JUDGED else rules.NOT_NOW)
    demand(rules.refusal_of_words(answer.words, answer.where))
    demand(rules.refusal_of_moment(answer.at, now=now(), since=fresh.found_at.replace(second=0, microsecond=0)))
    demand_no_names(incident, answer.words, answer.where)
    at, parameters = now(), rules_at(incident.place)
    fresh.state, fresh.answered_by, fresh.answered_at = OpinionState.ANSWERED, actor.person_id, answer.at
    fresh.answer, fresh.answered_where = answer.words.strip(), answer.where.strip()
    meet_deadline(OPINION_ANSWER, fresh.id, at=at, by=actor.person_id)
    within = parameters.emergency.opinion_closed_within
    fresh.due_at = start(OPINION_CLOSE, OPINION, fresh.id, incident, within=within, at=at, parameters=parameters)
    fresh.save()
    _record(fresh, "incidents.opinion.answered")
    return fresh


@command(Permission.INCIDENT_LEAD)
def close_opinion(item: OpinionItem, *, actor: Actor, words: str) -> OpinionItem | Unchanged:
    """Close an item: how it calmed down, or why a judged one needs no answer. Raises CannotDo."""
    incident, fresh = _locked(item)
    if fresh.state == OpinionState.CLOSED:
        return Unchanged("closed_already")
    demand(rules.NOT_NOW if fresh.state == OpinionState.FOUND else rules.refusal_of_words(words))
    demand_no_names(incident, words)
    at, is_answered = now(), fresh.state == OpinionState.ANSWERED
    fresh.state, fresh.closed_by, fresh.closed_at, fresh.closing = (
        OpinionState.CLOSED,
        actor.person_id,
        at,
        words.strip(),
    )
    if is_answered:
        meet_deadline(OPINION_CLOSE, fresh.id, at=at, by=actor.person_id)
    else:
        cancel_deadlines(fresh.id, at=at, reason="not_answered")
    fresh.save()
    _record(fresh, "incidents.opinion.closed", answered=is_answered)
    return fresh


def _locked(item: OpinionItem) -> tuple[Incident, OpinionItem]:
    incident = every_incident().select_for_update().get(pk=item.incident_id)
    fresh = every_opinion().select_related("incident").select_for_update(of=("self",)).get(pk=item.pk)
    return incident, fresh


def _record(item: OpinionItem, event: str, **facts: object) -> None:
    record_incident(item.incident, event, item=str(item.id), **facts)
