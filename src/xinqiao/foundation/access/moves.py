"""What a thing may become: a move from one state to another, who may make it and what the audit calls it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

State_co = TypeVar("State_co", bound=str, covariant=True)


@dataclass(frozen=True)
class Move(Generic[State_co]):
    """One allowed move. `permission` is "" where no member of staff makes it: the clock, or whoever holds a ticket,
    a code or a link; `event` is the audit event it leaves."""

    source: State_co
    target: State_co
    permission: str
    event: str


def sources_among(moves: Sequence[Move[State_co]], target: str) -> tuple[State_co, ...]:
    """Return the states from which a thing may come to `target`, each once, in the table's order."""
    return tuple(dict.fromkeys(move.source for move in moves if move.target == target))


def draw_moves(
    moves: Sequence[Move[str]], starts: Sequence[str], *, born: str = "", ends: Sequence[str] | None = None,
    with_permission: bool = False,
) -> str:  # fmt: skip
    """Return a table of moves as the text of a Mermaid state diagram, as docs/states holds them.

    `starts` are the states a thing begins in, by the event `born`; `ends` those it stays in for good, without it all
    that no move leaves.
    """
    if ends is None:
        ends = sorted({str(move.target) for move in moves} - {str(move.source) for move in moves})
    after = f": {born}" if born else ""
    by = {move: f" ({move.permission!s})" if with_permission and move.permission else "" for move in moves}
    return "\n".join([
        "stateDiagram-v2",
        *(f"    [*] --> {start!s}{after}" for start in starts),
        *(f"    {move.source!s} --> {move.target!s}: {move.event}{by[move]}" for move in moves),
        *(f"    {end!s} --> [*]" for end in ends),
    ])  # fmt: skip
