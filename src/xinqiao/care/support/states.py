"""Enums of the register, and the table of what an entry may become. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves
from xinqiao.foundation.access.permissions import Permission

# Not a category of a pack: pupils whose attention level the pack names, without an entry of their own (S0-T06.2a).
KEY_PUPILS = "key"


class EntryState(models.TextChoices):
    """Where an entry of the register stands."""

    PROPOSED = "proposed", _("Proposed")
    KEPT = "kept", _("On the register")
    DECLINED = "declined", _("Not taken up")
    ENDED = "ended", _("Ended")


class EndReason(models.TextChoices):
    """Why an entry ended; nothing ends without one."""

    NOT_NEEDED = "not_needed", _("No longer needed")
    MISTAKE = "mistake", _("Entered by mistake")
    ANOTHER = "another", _("Under another category now")
    OTHER = "other", _("For another reason")
    LEFT = "left", _("Left the school")


class TalkKind(models.TextChoices):
    """What a mentor's talk was about: the four kinds of guidance of S3-2.3.2a."""

    STUDY = "study", _("Learning")
    MIND = "mind", _("Mind and mood")
    CAREER = "career", _("Career and choices")
    LIFE = "life", _("Daily life")


class TalkForm(models.TextChoices):
    """How mentors and pupils met, as S3-2.3.2a lists the forms."""

    ONE_TO_ONE = "one_to_one", _("In person, one to one")
    ONE_TO_MANY = "one_to_many", _("One mentor, several pupils")
    MANY_TO_ONE = "many_to_one", _("Several mentors, one pupil")
    MANY_TO_MANY = "many_to_many", _("Several mentors, several pupils")
    DISTANT = "distant", _("By phone or in writing")


class Channel(models.TextChoices):
    """How a family was reached."""

    VISIT = "visit", _("Home visit")
    PHONE = "phone", _("By phone")
    MESSAGE = "message", _("By text message")
    SCHOOL = "school", _("Talk at the school")
    MEETING = "meeting", _("Parents' meeting")


class DutyKind(models.TextChoices):
    """Why contact is owed: a class whose term nears its end, or a worry about a registered pupil."""

    TERM = "term", _("Families of a class")
    PUPIL = "pupil", _("Family of a registered pupil")


class DutyEnd(models.TextChoices):
    """How what was owed came to its end."""

    DONE = "done", _("Reached")
    OVER = "over", _("The term is over")
    LEFT = "left", _("Nobody is there any more")


class SessionKind(models.TextChoices):
    """Where parents were taught."""

    SCHOOL = "school", _("Parent school")
    MEETING = "meeting", _("Parents' meeting")


class SessionWay(models.TextChoices):
    """In which way."""

    HALL = "hall", _("In a room")
    ONLINE = "online", _("Online")


MOVES = (
    Move(EntryState.PROPOSED, EntryState.KEPT, Permission.REGISTER_EDIT, "support.entry.accepted"),
    Move(EntryState.PROPOSED, EntryState.DECLINED, Permission.REGISTER_EDIT, "support.entry.declined"),
    Move(EntryState.KEPT, EntryState.ENDED, Permission.REGISTER_EDIT, "support.entry.ended"),
)


def diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/register-entry.md holds it."""
    return draw_moves(MOVES, [EntryState.PROPOSED, EntryState.KEPT])
