"""Making a move of a table of moves for real, and holding state and audit against the table."""

from collections.abc import Callable, Sequence

from xinqiao.foundation.access.moves import Move
from xinqiao.foundation.audit.models import AuditEvent


def name_of(move: Move[str]) -> str:
    """Return how a test of a move is called."""
    return f"{move.source}-{move.target}-{move.event.rpartition('.')[2]}"


def walk(move: Move[str], state: Callable[[], str], act: Callable[[], object]) -> None:
    """Make a move by an act: the thing stands at its source before, at its target afterwards, and the audit has one
    more of its event."""
    assert state() == move.source, f"{name_of(move)}: stands at {state()}"
    before = AuditEvent.objects.filter(event=move.event).count()
    act()
    assert state() == move.target, f"{name_of(move)}: came to {state()}"
    assert AuditEvent.objects.filter(event=move.event).count() > before, f"{name_of(move)}: no event {move.event}"


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
