"""Enums of rounds, and the table of what a class's list may become. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves
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


MOVES = (
    Move(ListState.WAITING, ListState.SIGNED, Permission.ROUND_SIGN, "rounds.list.signed"),
    Move(ListState.WAITING, ListState.DROPPED, Permission.ROUND_CALL, "rounds.round.withdrawn"),
    Move(ListState.WAITING, ListState.DROPPED, "", "rounds.list.dropped"),
)


def diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/round-list.md holds it."""
    return draw_moves(MOVES, [ListState.WAITING])
