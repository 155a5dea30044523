"""What pupils can say through their own door, in codes, and the table of a worry's moves. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class About(models.TextChoices):
    """Whom a call for someone is about."""

    SELF = "self", _("For myself")
    FRIEND = "friend", _("Worried about a friend")


class Soon(models.TextChoices):
    """How soon someone should come."""

    NOW = "now", _("Now")
    TODAY = "today", _("Today")
    WEEK = "week", _("This week")


class WorryKind(models.TextChoices):
    """What a committee member noticed about a classmate: something seen or heard, no label."""

    ALONE = "alone", _("Is often alone")
    LOW = "low", _("Has been low for long")
    BULLIED = "bullied", _("Is being bullied")
    HOME = "home", _("Has trouble at home")
    ABSENT = "absent", _("Is often absent")
    HURT = "hurt", _("Spoke of not wanting to live, or of hurting themselves")


class Mood(models.TextChoices):
    """How the class felt this week."""

    GOOD = "good", _("Good")
    USUAL = "usual", _("As usual")
    LOW = "low", _("Rather low")


class Quarrels(models.TextChoices):
    """How much quarrelling there was."""

    NONE = "none", _("None")
    SOME = "some", _("A little, settled")
    MANY = "many", _("Much, or not settled")


class Load(models.TextChoices):
    """How lessons and homework weighed on the class."""

    EASY = "easy", _("Easy to carry")
    USUAL = "usual", _("As usual")
    HEAVY = "heavy", _("Heavy")


class WorryState(models.TextChoices):
    """Where a worry about a classmate stands."""

    OPEN = "open", _("To be found out who is meant")
    NAMED = "named", _("Known who is meant")
    SET_ASIDE = "set_aside", _("Set aside with a reason")


MOVES = (
    Move(WorryState.OPEN, WorryState.NAMED, Permission.WORRY_SETTLE, "voices.worry.named"),
    Move(WorryState.OPEN, WorryState.SET_ASIDE, Permission.WORRY_SETTLE, "voices.worry.set_aside"),
)


def sources_of(target: WorryState) -> list[str]:
    """Return the states from which a worry may move to `target`."""
    return list(sources_among(MOVES, target))


def diagram() -> str:
    """Return the moves as the Mermaid text that docs/states/worry.md holds."""
    return draw_moves(MOVES, [WorryState.OPEN, WorryState.NAMED], born="voices.report.made", with_permission=True)
