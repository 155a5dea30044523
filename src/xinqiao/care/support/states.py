"""Enums of the register, and the table of what an entry may become. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves
from xinqiao.foundation.access.permissions import Permission

# Not a category of a pack: pupils whose attention level the pack names, without an entry of their own (S0-T06.2a).
KEY_PUPILS = "key"


class EntryState(models.TextChoices):
    """Where an entry of the register stands."""

    PROPOSED = "proposed", _("Proposed")
    KEPT = "kept", _("On the register")
    DECLINED = "declined", _("Not taken up")
    ENDED = "ended", _("Ended")


class EndReason(models.TextChoices):
    """Why an entry ended; nothing ends without one."""

    NOT_NEEDED = "not_needed", _("No longer needed")
    MISTAKE = "mistake", _("Entered by mistake")
    ANOTHER = "another", _("Under another category now")
    OTHER = "other", _("For another reason")
    LEFT = "left", _("Left the school")


MOVES = (
    Move(EntryState.PROPOSED, EntryState.KEPT, Permission.REGISTER_EDIT, "support.entry.accepted"),
    Move(EntryState.PROPOSED, EntryState.DECLINED, Permission.REGISTER_EDIT, "support.entry.declined"),
    Move(EntryState.KEPT, EntryState.ENDED, Permission.REGISTER_EDIT, "support.entry.ended"),
)


def diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/register-entry.md holds it."""
    return draw_moves(MOVES, [EntryState.PROPOSED, EntryState.KEPT])
