"""Enums of the mailbox, and the tables of moves: of a letter, of one that does not wait, of opening a name. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class Channel(models.TextChoices):
    """How a letter came."""

    WEB = "web", _("Written on the pupils' page")
    MAIL = "mail", _("By e-mail")
    PAPER = "paper", _("Paper letter box")
    PHONE = "phone", _("By telephone")


class LetterState(models.TextChoices):
    """Where a letter stands."""

    WAITING = "waiting", _("Waits for an answer")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class UrgentState(models.TextChoices):
    """Where a letter stands that does not wait; "" for any other."""

    WAITING = "waiting", _("Nobody has taken it up yet")
    SIGNAL = "signal", _("A signal stands for the pupil")
    ASIDE = "aside", _("Laid aside with a reason")


class Writer(models.TextChoices):
    """Whose words stand in a letter: the pupil's, the answer, or that a name was opened and why."""

    PUPIL = "pupil", _("The pupil")
    ANSWER = "answer", _("Answer sent")
    OPENED = "opened", _("The name was opened")


class NameState(models.TextChoices):
    """Where the opening of a sealed name stands."""

    ASKED = "asked", _("Asked for, a second person decides")
    APPROVED = "approved", _("Approved, not shown yet")
    SHOWN = "shown", _("Shown")
    REFUSED = "refused", _("Refused")
    RESCUE = "rescue", _("Opened to save a life, a second person looks at it")
    CONFIRMED = "confirmed", _("Opened to save a life, a second person agrees")
    OBJECTED = "objected", _("Opened to save a life, a second person objects")


S, U, N = LetterState, UrgentState, NameState
ANSWER, SECOND, CODE_HOLDER = Permission.MAIL_ANSWER, Permission.MAIL_NAME, ""

MOVES = (
    Move(S.WAITING, S.ANSWERED, ANSWER, "mailbox.letter.answered"),
    Move(S.ANSWERED, S.WAITING, CODE_HOLDER, "mailbox.letter.continued"),
    Move(S.CLOSED, S.WAITING, CODE_HOLDER, "mailbox.letter.continued"),
    Move(S.WAITING, S.CLOSED, ANSWER, "mailbox.letter.closed"),
    Move(S.ANSWERED, S.CLOSED, ANSWER, "mailbox.letter.closed"),
)
URGENT_MOVES = (
    Move(U.WAITING, U.SIGNAL, ANSWER, "mailbox.name.rescued"),
    Move(U.WAITING, U.SIGNAL, ANSWER, "mailbox.name.shown"),
    Move(U.ASIDE, U.SIGNAL, ANSWER, "mailbox.name.rescued"),
    Move(U.WAITING, U.ASIDE, ANSWER, "mailbox.letter.laid_aside"),
    Move(U.ASIDE, U.WAITING, CODE_HOLDER, "mailbox.letter.continued"),
    Move(U.SIGNAL, U.WAITING, CODE_HOLDER, "mailbox.letter.continued"),
    Move(U.ASIDE, U.WAITING, ANSWER, "mailbox.letter.made_urgent"),
)
NAME_MOVES = (
    Move(N.ASKED, N.APPROVED, SECOND, "mailbox.name.approved"),
    Move(N.ASKED, N.REFUSED, SECOND, "mailbox.name.refused"),
    Move(N.APPROVED, N.SHOWN, ANSWER, "mailbox.name.shown"),
    Move(N.ASKED, N.RESCUE, ANSWER, "mailbox.name.rescued"),
    Move(N.APPROVED, N.RESCUE, ANSWER, "mailbox.name.rescued"),
    Move(N.RESCUE, N.CONFIRMED, SECOND, "mailbox.name.confirmed"),
    Move(N.RESCUE, N.OBJECTED, SECOND, "mailbox.name.objected"),
)
# Requests that wait for a second person, and the clock of each; and those after which the name is known.
SECOND_WAITS = (N.ASKED, N.RESCUE)
OPENED = (N.SHOWN, N.RESCUE, N.CONFIRMED, N.OBJECTED)


def sources_of(target: LetterState) -> list[str]:
    """Return the states from which a letter may move to `target`."""
    return list(sources_among(MOVES, target))


def name_sources_of(target: NameState) -> list[str]:
    """Return the states from which the opening of a name may move to `target`."""
    return list(sources_among(NAME_MOVES, target))


def diagram() -> str:
    """Return the moves of a letter as the Mermaid text that docs/states/pupil-letter.md holds."""
    return draw_moves(MOVES, [S.WAITING], born="mailbox.letter.written", ends=[S.CLOSED], with_permission=True)


def urgent_diagram() -> str:
    """Return the moves of a letter that does not wait, likewise."""
    return draw_moves(
        URGENT_MOVES, [U.WAITING, U.SIGNAL], born="mailbox.letter.written", ends=[U.SIGNAL], with_permission=True
    )


def name_diagram() -> str:
    """Return the moves of opening a name, likewise."""
    return draw_moves(NAME_MOVES, [N.ASKED, N.RESCUE], born="mailbox.name.asked", with_permission=True)
