"""Enums of a watch, and the table of its moves. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class WatchState(models.TextChoices):
    """Where a pupil stands whom a talk left in view."""

    WATCHING = "watching", _("Kept in view")
    SIGNALLED = "signalled", _("A new signal: talk to the pupil first")
    ENDED = "ended", _("No longer kept in view")
    CASE = "case", _("In care now")


class WatchEnd(models.TextChoices):
    """Why a watch ended; nothing ends without a reason."""

    CALM = "calm", _("The looks showed no sign of danger")
    LEFT = "left", _("Left the school and was handed over")


S, EDIT, TALK = WatchState, Permission.CASE_EDIT, Permission.INTERVIEW_WRITE
MOVES = (
    Move(S.WATCHING, S.WATCHING, EDIT, "crisis.watch.looked"),
    Move(S.WATCHING, S.SIGNALLED, "", "crisis.watch.signalled"),
    Move(S.SIGNALLED, S.WATCHING, TALK, "crisis.watch.resumed"),
    Move(S.WATCHING, S.ENDED, EDIT, "crisis.watch.ended"),
    Move(S.WATCHING, S.CASE, EDIT, "crisis.watch.became_case"),
    Move(S.SIGNALLED, S.CASE, TALK, "crisis.watch.became_case"),
)
OVER = (S.ENDED, S.CASE)


def sources_of(target: WatchState) -> list[str]:
    """Return the states from which a watch may come to `target`."""
    return list(sources_among(MOVES, target))


def watch_diagram() -> str:
    """Return the moves as the Mermaid text that docs/states/watch.md holds."""
    return draw_moves(MOVES, [S.WATCHING, S.SIGNALLED], born="crisis.watch.opened", ends=OVER, with_permission=True)
