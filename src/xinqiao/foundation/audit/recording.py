"""`record()` and `@command`: a change and its audit event stand or fall together."""

import datetime as dt
import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar
from uuid import UUID

from django.db import transaction

from xinqiao.foundation.access.actors import Actor, Forbidden, unnamed_actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.events import event_kind
from xinqiao.foundation.audit.models import COMMON, AuditEvent, AuditPending
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.core.models import Change
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.store import KeyDestroyed

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class NothingRecorded(RuntimeError):
    """A command changed something, or meant to, and left no audit event."""


class OutsideCommand(RuntimeError):
    """`record()` was called outside `@command` or `recording`."""


class NestedCommand(RuntimeError):
    """A command called a command; share a private body instead."""


@dataclass(frozen=True)
class Unchanged:
    """What a command returns when there was nothing to do; `reason` is a code."""

    reason: str


@dataclass
class _Buffer:
    actor: Actor
    permission: Permission | None
    events: list[AuditEvent] = field(default_factory=list)


_buffer: ContextVar[_Buffer | None] = ContextVar("xinqiao_audit_buffer", default=None)


def microseconds(at: dt.datetime) -> bytes:
    """Return a moment as decimal microseconds since 1970, exactly."""
    return str((at - EPOCH) // dt.timedelta(microseconds=1)).encode()


class Recorded(Protocol):
    """What the HMAC covers, whoever holds it: an AuditEvent, or a row that is written without the ORM."""

    id: Any
    county_id: Any
    place: Any
    at: Any
    event: Any
    actor_id: Any
    actor_kind: Any
    actor_role: Any
    subject_kind: Any
    subject_id: Any
    facts: Any
    key_id: Any
    labels: Any


def canonical(event: Recorded) -> bytes:
    """Return the bytes that the row's HMAC covers: every column but the HMAC, length-prefixed."""
    parts = (
        event.id.bytes, event.county_id.bytes, event.place.encode(), microseconds(event.at),
        event.event.encode(), event.actor_id.bytes, event.actor_kind.encode(), event.actor_role.encode(),
        event.subject_kind.encode(), event.subject_id.bytes if event.subject_id else b"", event.facts.encode(),
        event.key_id.bytes if event.key_id else b"", bytes(event.labels or b""),
    )  # fmt: skip
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def row_mac(event: Recorded) -> bytes:
    """Return the row's HMAC-SHA256 under the audit key."""
    return hmac.digest(ring().secrets["audit"], canonical(event), "sha256")


def record(
    event: str,
    *,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    place: str = "",
    county_id: UUID | None = None,
    key_id: UUID | None = None,
    labels: Mapping[str, str] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Note one business event of the running command; it is written last, before the commit.

    `facts` are codes, counts and ids; anything that names a person goes into `labels`, which need `key_id`.
    """
    buffer = _buffer.get()
    if buffer is None:
        raise OutsideCommand(event)
    buffer.events.append(
        prepare_event(
            event, buffer.actor, permission=buffer.permission, subject_kind=subject_kind, subject_id=subject_id,
            place=place, county_id=county_id, key_id=key_id, labels=labels, facts=facts,
        )
    )  # fmt: skip


def facts_text(facts: Mapping[str, Any] | None) -> str:
    """Return facts as the JSON that an event's row holds."""
    return json.dumps(facts, sort_keys=True, ensure_ascii=True, default=str) if facts else "{}"


def prepare_event(
    event: str,
    actor: Actor,
    *,
    permission: Permission | None = None,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    place: str = "",
    county_id: UUID | None = None,
    key_id: UUID | None = None,
    labels: Mapping[str, str] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Return an unsaved event without its HMAC."""
    event_kind(event)
    if labels and key_id is None:
        raise ValueError(f"{event}: labels are sealed, so key_id is needed")
    role = actor.role_at(permission, place) if permission else actor.kind
    return AuditEvent(
        id=new_id(), county_id=county_id or COMMON, place=place, at=now(), event=event, actor_id=actor.id,
        actor_kind=actor.kind, actor_role=role, subject_kind=subject_kind, subject_id=subject_id,
        facts=facts_text(facts), key_id=key_id,
        labels=json.dumps(labels, ensure_ascii=False) if labels else None,
    )  # fmt: skip


def write_events(events: Sequence[AuditEvent]) -> None:
    """Seal labels, sign, insert, and leave word for the sealer and the change feed. Inside a transaction."""
    for event in events:
        try:
            seal_rows([event])
        except KeyDestroyed:
            event.labels = None
        event.mac = row_mac(event)
    AuditEvent.objects.bulk_create(events)
    AuditPending.objects.bulk_create([AuditPending(event_id=e.id, county_id=e.county_id) for e in events])
    changes = [e for e in events if not event_kind(e.event).is_reading]
    Change.objects.bulk_create(
        [Change(topic=e.event, place=e.place, subject_id=e.subject_id, at=e.at) for e in changes]
    )


@contextmanager
def recording(actor: Actor, permission: Permission | None = None) -> Iterator[None]:
    """Open a transaction whose recorded events are written just before it commits."""
    if _buffer.get() is not None:
        raise NestedCommand("a command is already running")
    buffer = _Buffer(actor, permission)
    token = _buffer.set(buffer)
    try:
        with transaction.atomic():
            yield
            write_events(buffer.events)
    finally:
        _buffer.reset(token)


def note_reading(actor: Actor, event: str, **what: Any) -> None:
    """Record that the actor read another person's D3–D6; its own short transaction."""
    with recording(actor):
        record(event, **what)


def place_of(subject: Any) -> str:
    """Return where a subject stands: its `place`, its `path` (a unit), or itself if it is a place already."""
    if isinstance(subject, str):
        return subject
    place = getattr(subject, "place", None) or getattr(subject, "path", None)
    if not isinstance(place, str):
        raise TypeError(f"{type(subject).__name__} has no place; a command's subject needs one")
    return place


def command(
    permission: Permission, *, is_batch: bool = False, is_unnamed: bool = False
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Make a service of `verb_noun(subject, *, actor, …)`.

    Checks the permission at the subject's place, opens a transaction, runs the body, and refuses to commit if nothing
    was recorded (unless the body returns `Unchanged`). `is_batch` says that the body records one event for many rows,
    `is_unnamed` that its events shall not say who acted: for what is the actor's alone and nobody else's business.
    """

    def decorate(body: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @wraps(body)
        def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            actor, subject = kwargs["actor"], args[0]
            assert isinstance(actor, Actor)
            if not actor.can(permission, place_of(subject)):
                raise Forbidden(permission, place_of(subject))
            with recording(unnamed_actor() if is_unnamed else actor, permission):
                result = body(*args, **kwargs)
                buffer = _buffer.get()
                assert buffer is not None
                if not buffer.events and not isinstance(result, Unchanged):
                    raise NothingRecorded(body.__qualname__)
            return result

        run.command_permission = permission  # type: ignore[attr-defined]  # read by the architecture test
        run.is_batch = is_batch  # type: ignore[attr-defined]  # likewise
        return run

    return decorate
