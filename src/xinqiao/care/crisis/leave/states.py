"""Enums of leave and return, and the table of their moves. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class LeaveState(models.TextChoices):
    """Where a pupil stands between going on leave and being back."""

    FOUND = "found", _("Found that a leave may be needed")
    ASSESSED = "assessed", _("Assessed")
    TALKED = "talked", _("Talked over with the family")
    ON_LEAVE = "on_leave", _("On leave")
    PAPERS = "papers", _("Return: papers received")
    REVIEWED = "reviewed", _("Return: reviewed by the school")
    JOINT = "joint", _("Return: assessed together")
    ACCEPTED = "accepted", _("Return accepted, support plan to be written")
    NOT_YET = "not_yet", _("Not yet back")
    APPEALED = "appealed", _("Appeal to be decided")
    RETURNED = "returned", _("Back, followed up")
    ENDED = "ended", _("Followed up to the end")
    DROPPED = "dropped", _("No leave needed")
    LEFT = "left", _("Left the school during the leave")


class LeaveStepKind(models.TextChoices):
    """One dated thing in the story of a leave."""

    FOUND = "found", _("Found")
    ASSESSED = "assessed", _("Assessed by whom it takes")
    TALKED = "talked", _("Talked with the family")
    ON_LEAVE = "on_leave", _("Applied for by the family; the leave begins")
    CONTACT = "contact", _("In touch during the leave")
    PAPERS = "papers", _("Papers for the return received")
    REVIEWED = "reviewed", _("Reviewed by the school")
    JOINT = "joint", _("Assessed together")
    ACCEPTED = "accepted", _("Return accepted")
    NOT_YET = "not_yet", _("Return not yet")
    APPEALED = "appealed", _("The family appeals")
    RETURNED = "returned", _("Support plan written; back at school")
    LOOK = "look", _("Looked after the return")
    ENDED = "ended", _("Follow-up ended")
    DROPPED = "dropped", _("No leave was needed")
    LEFT = "left", _("Left the school; the leave ended with it")
    OVERDUE = "overdue", _("Overdue; the next above were told")


S, EDIT, DECIDE = LeaveState, Permission.LEAVE_EDIT, Permission.LEAVE_DECIDE
_STEP, _DECIDED = "crisis.leave.stepped", "crisis.leave.decided"
MOVES = (
    Move(S.FOUND, S.ASSESSED, EDIT, _STEP),
    Move(S.ASSESSED, S.TALKED, EDIT, _STEP),
    Move(S.TALKED, S.ON_LEAVE, EDIT, _STEP),
    Move(S.FOUND, S.DROPPED, EDIT, _STEP),
    Move(S.ASSESSED, S.DROPPED, EDIT, _STEP),
    Move(S.TALKED, S.DROPPED, EDIT, _STEP),
    Move(S.ON_LEAVE, S.PAPERS, EDIT, _STEP),
    Move(S.PAPERS, S.REVIEWED, EDIT, _STEP),
    Move(S.REVIEWED, S.JOINT, EDIT, _STEP),
    Move(S.JOINT, S.ACCEPTED, DECIDE, _DECIDED),
    Move(S.JOINT, S.NOT_YET, DECIDE, _DECIDED),
    Move(S.NOT_YET, S.APPEALED, EDIT, _STEP),
    Move(S.NOT_YET, S.PAPERS, EDIT, _STEP),
    Move(S.APPEALED, S.ACCEPTED, DECIDE, _DECIDED),
    Move(S.APPEALED, S.NOT_YET, DECIDE, _DECIDED),
    Move(S.ACCEPTED, S.RETURNED, EDIT, _STEP),
    Move(S.RETURNED, S.ENDED, EDIT, "crisis.leave.looked"),
    *(Move(source, S.LEFT, "", "crisis.leave.left")
      for source in (S.FOUND, S.ASSESSED, S.TALKED, S.ON_LEAVE, S.PAPERS, S.REVIEWED, S.JOINT, S.ACCEPTED, S.NOT_YET,
                     S.APPEALED, S.RETURNED)),
)  # fmt: skip
ENDED = (S.ENDED, S.DROPPED, S.LEFT)
AWAY = (S.ON_LEAVE, S.PAPERS, S.REVIEWED, S.JOINT, S.ACCEPTED, S.NOT_YET, S.APPEALED)
# States in which somebody at the school has the next move.
SCHOOL_MOVES = (S.FOUND, S.ASSESSED, S.TALKED, S.PAPERS, S.REVIEWED, S.JOINT, S.APPEALED, S.ACCEPTED)


def sources_of(target: LeaveState) -> list[str]:
    """Return the states from which a leave may come to `target`."""
    return list(sources_among(MOVES, target))


def steps_from(state: str, permission: Permission) -> list[LeaveState]:
    """Return the states to which a holder of a permission may lead; the follow-up ends by its own looks."""
    found = [move.target for move in MOVES if move.source == state and move.permission == permission]
    return [target for target in found if target is not S.ENDED]


def leave_diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/leave.md holds it."""
    return draw_moves(MOVES, [S.FOUND], born="crisis.leave.opened", ends=ENDED, with_permission=True)
