"""Enums of transfers, and the moves of a handover and of an arrival. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class HandoverState(models.TextChoices):
    """Where the file of a pupil who left stands, at the school that was left."""

    OWED = "owed", _("Not decided yet")
    SENT = "sent", _("On its way")
    TAKEN = "taken", _("Taken in by the next school")
    ACKNOWLEDGED = "done", _("Acknowledged")
    RETURNED = "returned", _("Came back")
    KEPT = "kept", _("Not handed over, with a reason")
    BACK = "back", _("The pupil is here again")


class ArrivalState(models.TextChoices):
    """Where a file that came stands, at the next school."""

    WAITING = "waiting", _("Waits to be taken in")
    TAKEN = "taken", _("Taken in")
    ACKNOWLEDGED = "done", _("Acknowledged")
    DECLINED = "declined", _("Sent back, with a reason")
    RECALLED = "recalled", _("Called back by the school before")


H, A, HAND = HandoverState, ArrivalState, Permission.TRANSFER_HAND
HANDOVER_MOVES = (
    *(Move(source, H.SENT, HAND, "transfers.file.sent") for source in (H.OWED, H.RETURNED)),
    *(Move(source, H.KEPT, HAND, "transfers.file.kept") for source in (H.OWED, H.RETURNED)),
    *(Move(source, H.BACK, "", "transfers.file.not_needed") for source in (H.OWED, H.RETURNED)),
    Move(H.SENT, H.RETURNED, HAND, "transfers.file.recalled"),
    # What the other school does; nobody here makes it.
    Move(H.SENT, H.TAKEN, "", "transfers.file.taken"),
    Move(H.SENT, H.RETURNED, "", "transfers.file.declined"),
    Move(H.TAKEN, H.ACKNOWLEDGED, "", "transfers.file.acknowledged"),
)
ARRIVAL_MOVES = (
    Move(A.WAITING, A.TAKEN, HAND, "transfers.file.taken"),
    Move(A.WAITING, A.DECLINED, HAND, "transfers.file.declined"),
    Move(A.WAITING, A.RECALLED, "", "transfers.file.recalled"),  # by the school before
    Move(A.TAKEN, A.ACKNOWLEDGED, HAND, "transfers.file.acknowledged"),
)
TO_DECIDE = (H.OWED, H.RETURNED)
UNDER_WAY = (A.WAITING, A.TAKEN)
OVER_THERE = (A.DECLINED, A.RECALLED)  # after these the same file may come again


def handover_sources_of(target: str) -> list[str]:
    """Return the states from which a handover may come to `target`."""
    return list(sources_among(HANDOVER_MOVES, target))


def arrival_sources_of(target: str) -> list[str]:
    """Return the states from which an arrival may come to `target`."""
    return list(sources_among(ARRIVAL_MOVES, target))


def handover_diagram() -> str:
    """Return the moves of a handover as docs/states/transfer.md holds them."""
    return draw_moves(HANDOVER_MOVES, [H.OWED], born="transfers.files.owed", with_permission=True)


def arrival_diagram() -> str:
    """Return the moves of an arrival as docs/states/transfer.md holds them."""
    return draw_moves(ARRIVAL_MOVES, [A.WAITING], born="transfers.file.sent", with_permission=True)
