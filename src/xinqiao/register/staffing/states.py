"""Where a staff list and its lines stand, and the table of a list's moves."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

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


@dataclass(frozen=True)
class Move:
    """One allowed step from a state to another, who may take it and what the audit calls it."""

    source: str
    target: str
    permission: Permission
    event: str


MOVES = (
    Move(ListState.CHECKED, ListState.WRITING, Permission.STAFF_EDIT, "staffing.list.accepted"),
    Move(ListState.CHECKED, ListState.CANCELLED, Permission.STAFF_EDIT, "staffing.list.cancelled"),
    Move(ListState.WRITING, ListState.DONE, Permission.STAFF_EDIT, "staffing.list.finished"),
)


def sources_of(target: str) -> list[str]:
    """Return the states from which a list may come to `target`."""
    return [move.source for move in MOVES if move.target == target]


def diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/staff-list.md holds it."""
    lines = ["stateDiagram-v2", f"    [*] --> {ListState.CHECKED!s}"]
    lines += [f"    {move.source!s} --> {move.target!s}: {move.event}" for move in MOVES]
    ends = {move.target for move in MOVES} - {move.source for move in MOVES}
    lines += [f"    {end!s} --> [*]" for end in sorted(str(end) for end in ends)]
    return "\n".join(lines)
