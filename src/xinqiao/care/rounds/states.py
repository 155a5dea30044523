"""Enums of rounds, and the table of what a class's list may become. Pure."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.permissions import Permission


class ListState(models.TextChoices):
    """Where the list of one class stands."""

    WAITING = "waiting", _("Not signed yet")
    SIGNED = "signed", _("Signed")
    DROPPED = "dropped", _("No longer asked")


class Finding(models.TextChoices):
    """What was found when a pupil was looked at."""

    NOTHING = "nothing", _("Nothing noticed")
    WORRY = "worry", _("A worry")


@dataclass(frozen=True)
class Move:
    """A permitted move: from where to where, by whom ("" where the clock makes it), and the event it leaves."""

    source: str
    target: str
    permission: str
    event: str


MOVES = (
    Move(ListState.WAITING, ListState.SIGNED, Permission.ROUND_SIGN, "rounds.list.signed"),
    Move(ListState.WAITING, ListState.DROPPED, Permission.ROUND_CALL, "rounds.round.withdrawn"),
    Move(ListState.WAITING, ListState.DROPPED, "", "rounds.list.dropped"),
)


def diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/round-list.md holds it."""
    lines = ["stateDiagram-v2", f"    [*] --> {ListState.WAITING!s}"]
    lines += [f"    {move.source!s} --> {move.target!s}: {move.event}" for move in MOVES]
    ends = {move.target for move in MOVES} - {move.source for move in MOVES}
    lines += [f"    {end!s} --> [*]" for end in sorted(str(end) for end in ends)]
    return "\n".join(lines)
