"""Rooms of apps above: what else has clocks, and what else the proof asks. Filled in `ready()` of those apps.

A room brings rows of its own by the subject kind of its clocks, says when such a row is over, and its own checks,
which read nothing but the raw rows that the room brought.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from xinqiao.care.crisis.limbo.faults import Check

Subjects = Mapping[str, Mapping[UUID, Mapping[str, Any]]]


@dataclass(frozen=True)
class Room:
    """`rows` returns plain rows by subject kind; `is_over` answers for one of them; `checks` find faults in them."""

    name: str
    kinds: tuple[str, ...]
    rows: Callable[[], Subjects]
    is_over: Callable[[str, Mapping[str, Any]], bool]
    checks: tuple["Check", ...]


_rooms: dict[str, Room] = {}


def register_room(room: Room) -> None:
    """Let the proof look into a room, too."""
    _rooms[room.name] = room


def rooms() -> tuple[Room, ...]:
    """Return the rooms that registered."""
    return tuple(_rooms.values())


def rows_of_rooms() -> Subjects:
    """Return the rows of all rooms by subject kind."""
    return {kind: rows for room in rooms() for kind, rows in room.rows().items()}


def is_over_in_rooms(kind: str, row: Mapping[str, Any]) -> bool:
    """Say whether a row of a room is over."""
    return any(room.is_over(kind, row) for room in rooms() if kind in room.kinds)
