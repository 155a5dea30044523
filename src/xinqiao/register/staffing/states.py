"""Where a staff list and its lines stand, and the table of a list's moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class ListState(models.TextChoices):
    """Where a staff list stands on its way into the register."""

    CHECKED = "checked", _("Waiting for your yes")
    WRITING = "writing", _("Being written")
    DONE = "done", _("Imported")
    CANCELLED = "cancelled", _("Not imported")


class Match(models.TextChoices):
    """Whom a line means."""

    NEW = "new", _("Somebody new")
    KNOWN = "known", _("Known already")
    DOUBT = "doubt", _("To be decided")
    REFUSED = "refused", _("Rows refused")


MOVES = (
    Move(ListState.CHECKED, ListState.WRITING, Permission.STAFF_EDIT, "staffing.list.accepted"),
    Move(ListState.CHECKED, ListState.CANCELLED, Permission.STAFF_EDIT, "staffing.list.cancelled"),
    Move(ListState.WRITING, ListState.DONE, Permission.STAFF_EDIT, "staffing.list.finished"),
)


def sources_of(target: str) -> list[str]:
    """Return the states from which a list may come to `target`."""
    return list(sources_among(MOVES, target))


def diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/staff-list.md holds it."""
    return draw_moves(MOVES, [ListState.CHECKED])
