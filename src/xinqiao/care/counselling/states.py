"""Enums of counselling, and the table of what a member of the group may become. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves
from xinqiao.foundation.access.permissions import Permission


class MemberState(models.TextChoices):
    """Where somebody stands in a counselling group."""

    WAITING = "waiting", _("Waits to be admitted")
    ADMITTED = "admitted", _("In the group")
    ENDED = "ended", _("No longer in the group")


MEMBER_MOVES = (
    Move(MemberState.WAITING, MemberState.ADMITTED, Permission.COUNSEL_WRITE, "counselling.member.admitted"),
    Move(MemberState.ADMITTED, MemberState.WAITING, Permission.COUNSEL_KEY, "counselling.member.locked_out"),
    Move(MemberState.ADMITTED, MemberState.ENDED, Permission.COUNSEL_WRITE, "counselling.member.ended"),
    Move(MemberState.WAITING, MemberState.ENDED, Permission.COUNSEL_WRITE, "counselling.member.ended"),
)


def member_diagram() -> str:
    """Return the moves of a member as a Mermaid diagram, as docs/states/counselling.md holds it."""
    return draw_moves(MEMBER_MOVES, [MemberState.WAITING, MemberState.ADMITTED])
