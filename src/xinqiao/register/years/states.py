"""Where a turn stands, and the table of its moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class TurnState(models.TextChoices):
    """Where a turn of the school year stands."""

    DRAFT = "draft", _("Being planned")
    ACCEPTED = "accepted", _("Waits for its day")
    WRITING = "writing", _("Being written to the register")
    DONE = "done", _("Turned")
    DROPPED = "dropped", _("Plan discarded")


class StepKind(models.TextChoices):
    """What one step writes; each is one short transaction."""

    OPEN = "open", _("New classes opened")
    KEEP_BACK = "keep_back", _("Kept back")
    GRADUATE = "graduate", _("Graduated, class closed")
    TEACHER = "teacher", _("Class teacher")
    CLOSE = "close", _("Grade closed")


OPEN_STATES = (TurnState.DRAFT, TurnState.ACCEPTED, TurnState.WRITING)


MOVES = (
    Move(TurnState.DRAFT, TurnState.ACCEPTED, Permission.YEAR_TURN, "years.turn.accepted"),
    Move(TurnState.DRAFT, TurnState.DROPPED, Permission.YEAR_TURN, "years.turn.dropped"),
    Move(TurnState.ACCEPTED, TurnState.DRAFT, Permission.YEAR_TURN, "years.turn.taken_back"),
    Move(TurnState.ACCEPTED, TurnState.WRITING, Permission.YEAR_TURN, "years.turn.begun"),
    Move(TurnState.WRITING, TurnState.DONE, Permission.YEAR_TURN, "years.turn.finished"),
)


def sources_of(target: str) -> list[str]:
    """Return the states from which a turn may come to `target`."""
    return list(sources_among(MOVES, target))


def diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/year-turn.md holds it."""
    return draw_moves(MOVES, [TurnState.DRAFT])
