"""Events as sentences for a reader: who, what, to whom; names only where the reader may see them."""

import datetime as dt
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.foundation.access.actors import SYSTEM_ID, UNNAMED_ID, Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.events import UnknownEvent, event_kind, sentence_of
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.ui.wording import moment_words

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.]*(?:[+-]\d\d:\d\d|Z)$")  # as facts hold moments
ActorNames = Callable[[Collection[UUID]], Mapping[UUID, str]]

# Whose names an auditor may see opened: those whom the same person may look up anyway.
NAME_PERMISSIONS = {
    "student": Permission.STUDENT_LIST,
    "guardian": Permission.STUDENT_LIST,
    "staff": Permission.STAFF_VIEW,
}
_actor_names: list[ActorNames] = []
_role_names: dict[str, Any] = {}


@dataclass(frozen=True)
class EventRow:
    """One event as shown: `facts` are codes and counts, `subject` a name where it may be shown, else a short id."""

    id: UUID
    at: dt.datetime
    code: str
    sentence: str
    actor: str
    role: str
    subject: str
    is_named: bool
    place: str
    facts: tuple[tuple[str, str], ...]


def register_actor_names(names: ActorNames) -> None:
    """Let the app that knows accounts name those who acted: user id → name. Called in its `ready()`."""
    if names not in _actor_names:
        _actor_names.append(names)


def register_role_names(names: Mapping[Any, Any]) -> None:
    """Let the app that knows accounts say what a role is called: code → words. Called in its `ready()`."""
    _role_names.update(names)


def role_words(role: str) -> str:
    """Return in which role somebody acted, as the reader calls it."""
    own = {"system": _("The system"), "staff": _("Staff"), "unnamed": _("Not named")}
    return str(own.get(role) or _role_names.get(role, role))


def raw_facts(event: AuditEvent) -> dict[str, Any]:
    """Return the facts of an event; empty if they cannot be read."""
    try:
        facts = json.loads(event.facts)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def present(events: Sequence[AuditEvent], reader: Actor) -> list[EventRow]:
    """Return the events as rows for a reader; keys and names are loaded once for all of them."""
    names = names_of_actors({event.actor_id for event in events})
    opened = _opened_labels([event for event in events if may_see_names(event, reader)])
    return [_row(event, _facts_for(event, reader), names, opened.get(event.id, {})) for event in events]


def _facts_for(event: AuditEvent, reader: Actor) -> dict[str, Any]:
    """Return the facts that this reader may see: what tells of a child's care only where levels may be seen."""
    facts = raw_facts(event)
    if event.place and reader.can(Permission.ATTENTION_VIEW, event.place):
        return facts
    try:
        hidden = event_kind(event.event).care_facts
    except UnknownEvent:
        return {}
    return {name: value for name, value in facts.items() if name not in hidden}


def may_see_names(event: AuditEvent, reader: Actor) -> bool:
    """May the reader see the names in this event's labels?"""
    permission = NAME_PERMISSIONS.get(event.subject_kind)
    return bool(permission and event.place and reader.can(permission, event.place))


def names_of_actors(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return names of those who acted, from the apps that registered; a short id where nobody knows."""
    found = {actor_id: short_id(actor_id) for actor_id in ids}
    for names in _actor_names:
        found.update({actor_id: name for actor_id, name in names(ids).items() if name})
    found |= {SYSTEM_ID: _("The system"), UNNAMED_ID: _("Not named")}
    return found


def short_id(row_id: UUID | None) -> str:
    """Return the last eight characters of an id, enough to tell two rows of a page apart."""
    return f"#{row_id.hex[-8:]}" if row_id else ""


def _opened_labels(events: Sequence[AuditEvent]) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = {}
    for event, opened in zip(events, open_sealed(events, "labels"), strict=True):
        labels = json.loads(opened["labels"]) if opened["labels"] else {}
        found[event.id] = labels if isinstance(labels, dict) else {}
    return found


def _row(event: AuditEvent, facts: Mapping[str, Any], names: Mapping[UUID, str], labels: Mapping[str, str]) -> EventRow:
    actor = names[event.actor_id]
    try:
        told = {name: _moment_or(value) for name, value in facts.items()}
        sentence = sentence_of(event.event, {**told, **labels, "actor": actor})
    except UnknownEvent:
        sentence = event.event
    name = next(iter(labels.values()), "")
    return EventRow(
        id=event.id, at=event.at, code=event.event, sentence=sentence, actor=actor, role=role_words(event.actor_role),
        subject=name or short_id(event.subject_id), is_named=bool(name), place=event.place, facts=tuple(_words(facts)),
    )  # fmt: skip


def _moment_or(value: Any) -> Any:
    """Return a moment as people write it; anything else as it is."""
    if not (isinstance(value, str) and MOMENT.match(value)):
        return value
    return moment_words(dt.datetime.fromisoformat(value))


def _words(facts: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in facts.items():
        yield name, ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)
