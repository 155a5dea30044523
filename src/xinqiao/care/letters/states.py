"""Enums of letters, and the table of what a letter may become."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class LetterState(models.TextChoices):
    """Where the letter of one pupil stands."""

    DRAFT = "draft", _("Not read yet")
    READ = "read", _("Read, ready to be released")
    RELEASED = "released", _("Released")
    DELIVERED = "delivered", _("Arrived")
    ANSWERED = "answered", _("Guardian asks for a talk")
    SETTLED = "settled", _("Talk held")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Words(models.TextChoices):
    """Whose words a letter holds: those for everybody, or a person's for this pupil."""

    SHARED = "shared", _("The words for everybody")
    OWN = "own", _("Own words")


class Way(models.TextChoices):
    """How a letter came to a guardian."""

    HAND = "hand", _("handed over")
    CODE = "code", _("opened with its code")


S, WRITE, HAND, CODE_HOLDER = LetterState, Permission.LETTER_WRITE, Permission.LETTER_HAND, ""

MOVES = (
    Move(S.DRAFT, S.READ, WRITE, "letters.letter.read"),
    Move(S.READ, S.DRAFT, WRITE, "letters.letter.written"),
    Move(S.READ, S.DRAFT, WRITE, "letters.letter.shared"),  # own words are given up for those for everybody
    Move(S.DRAFT, S.RELEASED, WRITE, "letters.letters.released"),  # the words for everybody, read once for all
    Move(S.READ, S.RELEASED, WRITE, "letters.letters.released"),
    Move(S.RELEASED, S.DELIVERED, HAND, "letters.letters.handed_over"),
    Move(S.RELEASED, S.DELIVERED, CODE_HOLDER, "letters.letter.opened"),
    Move(S.DELIVERED, S.ANSWERED, CODE_HOLDER, "letters.letter.answered"),
    Move(S.SETTLED, S.ANSWERED, CODE_HOLDER, "letters.letter.answered"),
    Move(S.ANSWERED, S.SETTLED, WRITE, "letters.letter.settled"),
    Move(S.RELEASED, S.WITHDRAWN, WRITE, "letters.letter.withdrawn"),
    Move(S.DELIVERED, S.WITHDRAWN, WRITE, "letters.letter.withdrawn"),
)
# Letters whose code opens something.
WITH_GUARDIANS = (S.RELEASED, S.DELIVERED, S.ANSWERED, S.SETTLED)
# Letters that a person can still change.
IN_PREPARATION = (S.DRAFT, S.READ)


def sources_of(target: LetterState) -> list[str]:
    """Return the states from which a letter may come to `target`."""
    return list(sources_among(MOVES, target))


def diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/letter.md holds it."""
    return draw_moves(MOVES, [S.DRAFT], born="letters.mailing.prepared", ends=[S.SETTLED, S.WITHDRAWN])
