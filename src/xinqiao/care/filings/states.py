"""Enums of filings, and the table of a filing's moves. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class FilingState(models.TextChoices):
    """Where a filing stands."""

    WRITING = "writing", _("To be written")
    COMPOSED = "composed", _("Written, not sent yet")
    CHECKED = "checked", _("Checked, to be sent")
    SENT = "sent", _("Sent, not confirmed yet")
    ACKNOWLEDGED = "acknowledged", _("Confirmed by the bureau")
    LAPSED = "lapsed", _("No longer needed")


class FilingKind(models.TextChoices):
    """What a filing is of a case."""

    FIRST = "first", _("First filing")
    VISIT = "visit", _("On visits back")


S, WRITE, CHECK, RECEIVE = (
    FilingState, Permission.FILING_WRITE, Permission.FILING_CHECK, Permission.FILING_RECEIVE,
)  # fmt: skip
MOVES = (
    Move(S.WRITING, S.COMPOSED, WRITE, "filings.filing.written"),
    Move(S.COMPOSED, S.COMPOSED, WRITE, "filings.filing.written"),
    Move(S.CHECKED, S.COMPOSED, WRITE, "filings.filing.written"),
    Move(S.SENT, S.COMPOSED, WRITE, "filings.filing.written"),  # a correction: the sent version stays
    Move(S.ACKNOWLEDGED, S.COMPOSED, WRITE, "filings.filing.written"),
    Move(S.COMPOSED, S.CHECKED, CHECK, "filings.filing.checked"),
    Move(S.COMPOSED, S.WRITING, CHECK, "filings.filing.returned"),
    Move(S.COMPOSED, S.SENT, WRITE, "filings.filing.sent"),  # only where the order asks for no check
    Move(S.CHECKED, S.SENT, WRITE, "filings.filing.sent"),
    Move(S.SENT, S.ACKNOWLEDGED, RECEIVE, "filings.filing.acknowledged"),
    Move(S.WRITING, S.LAPSED, CHECK, "filings.filing.lapsed"),
    Move(S.COMPOSED, S.LAPSED, CHECK, "filings.filing.lapsed"),
    Move(S.CHECKED, S.LAPSED, CHECK, "filings.filing.lapsed"),
)
OWED = (S.WRITING, S.COMPOSED, S.CHECKED)


def sources_of(target: FilingState) -> list[str]:
    """Return the states from which a filing may come to `target`."""
    return list(sources_among(MOVES, target))


def diagram() -> str:
    """Return the moves as the Mermaid text that docs/states/filing.md holds."""
    return draw_moves(MOVES, [S.WRITING], born="filings.filing.owed", ends=[S.LAPSED], with_permission=True)
