"""Drafts of messages: begun from the shipped wording, edited, looked at by a second person, given out by hand."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.incidents import rules
from xinqiao.care.incidents.clocks import rules_at
from xinqiao.care.incidents.errors import CannotDo, demand
from xinqiao.care.incidents.facts import demand_no_names
from xinqiao.care.incidents.lines import record_incident
from xinqiao.care.incidents.messages import LANGUAGES, composed_message, flags_in, has_gap
from xinqiao.care.incidents.models import Incident, MessageDraft
from xinqiao.care.incidents.rows import every_draft, every_incident
from xinqiao.care.incidents.states import DRAFT_OPEN, Audience, DraftState, IncidentState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed


@dataclass(frozen=True)
class Begun:
    """For whom a message is, in which language of the data, and the facts known so far by the codes of
    `messages.FACTS`; `once` comes with the form."""

    once: UUID
    audience: str
    language: str
    facts: Mapping[str, str]


@command(Permission.INCIDENT_LEAD)
def begin_draft(incident: Incident, *, actor: Actor, begun: Begun) -> MessageDraft | Unchanged:
    """Begin a draft from the shipped wording; what is not known stays a gap in brackets. Raises CannotDo."""
    locked = every_incident().select_for_update().get(pk=incident.pk)
    if every_draft().filter(once=begun.once).exists():
        return Unchanged("begun_already")
    demand("" if locked.state == IncidentState.OPEN else rules.IS_CLOSED)
    if begun.audience not in Audience.values or begun.language not in LANGUAGES:
        raise CannotDo(rules.NO_SUCH_WORD)
    lines = rules_at(locked.place).hotlines
    join = "、" if begun.language == "zh-Hans" else ", "
    help_at = join.join(f"{line.number} {line.name.in_language(begun.language)}" for line in lines)
    text = composed_message(locked.kind, begun.audience, begun.language, begun.facts, help_at)
    _demand_text(locked, text)
    draft = MessageDraft(
        county_id=locked.county_id, place=locked.place, incident=locked, key_id=locked.key_id, once=begun.once,
        audience=begun.audience, language=begun.language, text=text, written_by=actor.person_id, written_at=now(),
    )  # fmt: skip
    draft.save(force_insert=True)
    _record(draft, "incidents.draft.begun")
    return draft


@command(Permission.INCIDENT_LEAD)
def write_draft(draft: MessageDraft, *, actor: Actor, text: str, after: int) -> MessageDraft | Unchanged:
    """Keep a changed text; what a second person looked at before must be looked at again. `after` is the version that
    the writer saw: of two at once the second is refused. Raises CannotDo."""
    fresh = _locked(draft)
    if open_sealed([fresh], "text")[0]["text"] == text.strip():
        return Unchanged("written_already")
    demand("" if fresh.state in DRAFT_OPEN else rules.NOT_NOW)
    demand("" if fresh.version == after else rules.CHANGED)
    _demand_text(fresh.incident, text)
    fresh.state, fresh.text, fresh.version = DraftState.WRITTEN, text.strip(), after + 1
    fresh.written_by, fresh.written_at, fresh.checked_by, fresh.checked_at = actor.person_id, now(), None, None
    fresh.save()
    _record(fresh, "incidents.draft.written")
    return fresh


@command(Permission.INCIDENT_LEAD)
def check_draft(draft: MessageDraft, *, actor: Actor, after: int) -> MessageDraft | Unchanged:
    """Note that a second person has looked at the version `after`, and how many lists of the guidance found something
    in it. Raises CannotDo."""
    fresh = _locked(draft)
    if fresh.state == DraftState.CHECKED and fresh.version == after:
        return Unchanged("checked_already")
    demand("" if fresh.state == DraftState.WRITTEN else rules.NOT_NOW)
    demand(rules.SAME_PERSON if fresh.written_by == actor.person_id else "")
    demand("" if fresh.version == after else rules.CHANGED)
    text = _demand_ready(fresh)
    fresh.state, fresh.checked_by, fresh.checked_at = DraftState.CHECKED, actor.person_id, now()
    fresh.save(update_fields=["state", "checked_by", "checked_at"])
    _record(fresh, "incidents.draft.checked", flags=len(flags_in(text, fresh.language)))
    return fresh


@command(Permission.INCIDENT_LEAD)
def give_draft(draft: MessageDraft, *, actor: Actor, to: str, at: dt.datetime) -> MessageDraft | Unchanged:
    """Note that a message was given out by hand: to whom, when. Nothing is sent. Raises CannotDo."""
    fresh = _locked(draft)
    if fresh.state == DraftState.GIVEN:
        return Unchanged("given_already")
    demand(rules.NOT_CHECKED if fresh.state == DraftState.WRITTEN else "")
    demand("" if fresh.state == DraftState.CHECKED else rules.NOT_NOW)
    demand(rules.refusal_of_words(to))
    assert fresh.checked_at is not None
    demand(rules.refusal_of_moment(at, now=now(), since=fresh.checked_at.replace(second=0, microsecond=0)))
    _demand_ready(fresh)
    demand_no_names(fresh.incident, to)
    fresh.state, fresh.given_by, fresh.given_at, fresh.given_to = DraftState.GIVEN, actor.person_id, at, to.strip()
    fresh.save(update_fields=["state", "given_by", "given_at", "given_to"])
    _record(fresh, "incidents.draft.given")
    return fresh


@command(Permission.INCIDENT_LEAD)
def drop_draft(
    draft: MessageDraft,
    *,
    actor: Actor,  # noqa: ARG001 - asked by @command
    words: str,
) -> MessageDraft | Unchanged:
    """Put a draft aside and say why. Raises CannotDo."""
    fresh = _locked(draft)
    if fresh.state == DraftState.DROPPED:
        return Unchanged("dropped_already")
    demand("" if fresh.state in DRAFT_OPEN else rules.NOT_NOW)
    _demand_text(fresh.incident, words)
    fresh.state, fresh.reason = DraftState.DROPPED, words.strip()
    fresh.save(update_fields=["state", "reason"])
    _record(fresh, "incidents.draft.dropped")
    return fresh


def _locked(draft: MessageDraft) -> MessageDraft:
    """The incident first, as everywhere: nobody exposes a pupil between the check of names and the writing."""
    every_incident().select_for_update().get(pk=draft.incident_id)
    return every_draft().select_related("incident").select_for_update(of=("self",)).get(pk=draft.pk)


def _demand_text(incident: Incident, text: str) -> None:
    demand(rules.refusal_of_words(text))
    demand_no_names(incident, text)


def _demand_ready(draft: MessageDraft) -> str:
    """A text that may be given out: no gap, and no name; who was exposed may have been added since it was written."""
    text = open_sealed([draft], "text")[0]["text"] or ""
    _demand_text(draft.incident, text)
    demand(rules.GAPS_LEFT if has_gap(text) else "")
    return text


def _record(draft: MessageDraft, event: str, **facts: object) -> None:
    record_incident(
        draft.incident, event, draft=str(draft.id), audience=draft.audience, version=draft.version, **facts
    )  # fmt: skip
