"""Enums of sheets, and the table of a sitting's moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among


class Informant(models.TextChoices):
    """Who answers about a pupil; the values are those of scales."""

    SELF = "self", _("The pupil")
    PARENT = "parent", _("Guardian")
    TEACHER = "teacher", _("Class teacher")


OTHERS = (Informant.PARENT, Informant.TEACHER)


class SittingState(models.TextChoices):
    """Where a pupil's sitting stands."""

    WAITING = "waiting", _("Not begun")
    STARTED = "started", _("Answering")
    SUBMITTED = "submitted", _("Handed in")
    EXCUSED = "excused", _("Excused")


class Excuse(models.TextChoices):
    """Why a pupil does not answer; `no_consent` is also what the pupil's door is told."""

    NO_CONSENT = "no_consent", _("No consent")
    ABSENT = "absent", _("Absent")
    UNWELL = "unwell", _("Unwell")
    REFUSED = "refused", _("Did not want to answer")
    LEFT = "left", _("Left the school")
    OTHER = "other", _("Other reason")


# How one sitting of a pupil moves. A class's sittings move together where a campaign, the clock or a round moves them.
MOVES = (
    Move(SittingState.WAITING, SittingState.STARTED, "", "sheets.sitting.entered"),
    Move(SittingState.STARTED, SittingState.SUBMITTED, "", "sheets.sitting.submitted"),
    Move(SittingState.WAITING, SittingState.SUBMITTED, "", "sheets.sitting.submitted"),  # from a page still open
    Move(SittingState.WAITING, SittingState.SUBMITTED, "sheets.paper:type", "sheets.paper.checked"),
    Move(SittingState.STARTED, SittingState.SUBMITTED, "sheets.paper:type", "sheets.paper.checked"),
    Move(SittingState.WAITING, SittingState.SUBMITTED, "sheets.paper:type", "sheets.paper.settled"),
    Move(SittingState.STARTED, SittingState.SUBMITTED, "sheets.paper:type", "sheets.paper.settled"),
    Move(SittingState.WAITING, SittingState.EXCUSED, "screening.campaign:edit", "screening.pupil.excused"),
    Move(SittingState.STARTED, SittingState.EXCUSED, "screening.campaign:edit", "screening.pupil.excused"),
    Move(SittingState.WAITING, SittingState.EXCUSED, "screening.campaign:edit", "screening.campaign.closed"),
    Move(SittingState.STARTED, SittingState.EXCUSED, "screening.campaign:edit", "screening.campaign.closed"),
    Move(SittingState.WAITING, SittingState.EXCUSED, "", "screening.sittings.withdrawn"),
    Move(SittingState.STARTED, SittingState.EXCUSED, "", "screening.sittings.withdrawn"),
    Move(SittingState.WAITING, SittingState.EXCUSED, "", "screening.sittings.left"),
    Move(SittingState.STARTED, SittingState.EXCUSED, "", "screening.sittings.left"),
    Move(SittingState.EXCUSED, SittingState.WAITING, "screening.campaign:edit", "screening.pupil.readmitted"),
    Move(SittingState.EXCUSED, SittingState.WAITING, "", "screening.sittings.admitted"),
    Move(SittingState.EXCUSED, SittingState.WAITING, "screening.campaign:edit", "screening.round.opened"),
    Move(SittingState.STARTED, SittingState.WAITING, "screening.campaign:edit", "screening.round.opened"),
)


def sources_of(target: SittingState) -> tuple[SittingState, ...]:
    """Return the states from which a sitting may move to `target`."""
    return sources_among(MOVES, target)


def diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/sitting.md holds it."""
    return draw_moves(MOVES, [SittingState.WAITING])
