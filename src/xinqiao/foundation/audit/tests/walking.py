"""Making a move of a table of moves for real, and holding state and audit against the table."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from unittest import mock
from uuid import UUID

import pytest

from xinqiao.foundation.access.actors import Actor, Forbidden
from xinqiao.foundation.access.moves import Move
from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Role
from xinqiao.foundation.audit import recording
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.ids import new_id

Line = tuple[UUID, UUID | None]  # who acted, on what


def name_of(move: Move[str]) -> str:
    """Return how a test of a move is called."""
    return f"{move.source}-{move.target}-{move.event.rpartition('.')[2]}"


def walk(
    move: Move[str],
    state: Callable[[], str],
    act: Callable[[], object],
    *,
    by: Actor | None = None,
    of: UUID | None = None,
) -> None:
    """Make a move by an act: the thing stands at its source before, at its target afterwards, and the audit has one
    more of its event.

    Where they are given, one event of the move names who acted (`by`, in a role that holds the move's permission if it
    has one) and whom or what it is about (`of`). Raises AssertionError.
    """
    assert state() == move.source, f"{name_of(move)}: stands at {state()}"
    before = list(AuditEvent.objects.filter(event=move.event).values_list("pk", flat=True))
    act()
    assert state() == move.target, f"{name_of(move)}: came to {state()}"
    left = list(AuditEvent.objects.filter(event=move.event).exclude(pk__in=before))
    assert left, f"{name_of(move)}: no event {move.event}"
    if of is not None:
        left = [event for event in left if event.subject_id == of]
        assert left, f"{name_of(move)}: {move.event} is about something else"
    if by is not None:
        left = [event for event in left if (event.actor_id, event.actor_kind) == (by.id, by.kind)]
        assert left, f"{name_of(move)}: {move.event} names somebody else"
        if move.permission:
            roles = {role.value for role in Role if move.permission in ROLE_PERMISSIONS[role]}
            is_held = any(event.actor_role in roles for event in left)
            assert is_held, f"{name_of(move)}: a role without {move.permission}"


def unheard(monkeypatch: pytest.MonkeyPatch, event: str) -> None:
    """Switch one event of the audit off, for controls: commands run as ever, and it is not written."""
    write = recording.write_events
    monkeypatch.setattr(recording, "write_events", lambda events: write([e for e in events if e.event != event]))


def lines_of(event: str) -> list[Line]:
    """Return who acted on what, of each line that the suite's audit has of an event."""
    return list(AuditEvent.objects.filter(event=event).values_list("actor_id", "subject_id"))


def walk_signed(
    move: Move[str], state: Callable[[], str], act: Callable[[], object], *, by: UUID, about: UUID
) -> None:  # fmt: skip
    """Make a move as `walk` does; besides, nobody without the table's permission makes it, and the audit has one line
    more of its event, which names who acted and what it was about. `act` is called twice where there is a permission.
    """
    assert state() == move.source, f"{name_of(move)}: stands at {state()}"
    if move.permission:
        _try_without(move, act)
        assert state() == move.source, f"{name_of(move)}: made without {move.permission}"
    before = Counter(lines_of(move.event))
    walk(move, state, act)
    added = Counter(lines_of(move.event)) - before
    assert added == Counter({(by, about): 1}), f"{name_of(move)}: its line names {dict(added)}"


def _try_without(move: Move[str], act: Callable[[], object]) -> None:
    """Let everybody, the clock too, lack one permission, and try."""
    real = Actor.can

    def can(actor: Actor, permission: str, place: str) -> bool:
        return permission != move.permission and real(actor, permission, place)

    with mock.patch.object(Actor, "can", can), suppress(Forbidden):
        act()


def record_as(event: str) -> Callable[..., None]:
    """Return a `record` for controls, which writes another event in the place of each."""
    return lambda _event, **what: record(event, **what)


def record_of_another(event: str, **what: Any) -> None:
    """A `record` for controls, whose lines are about something else."""
    record(event, **{**what, "subject_id": new_id()})


def way_to(moves: Sequence[Move[str]], start: str, goal: str) -> list[Move[str]]:
    """Return the shortest way through a table from a state to another; ValueError where there is none."""
    ways: dict[str, list[Move[str]]] = {start: []}
    waiting = [start]
    for at in waiting:
        for move in moves:
            if move.source == at and move.target not in ways:
                ways[move.target] = [*ways[at], move]
                waiting.append(move.target)
    if goal not in ways:
        raise ValueError(f"no way from {start} to {goal}")
    return ways[goal]
