"""Enums of counselling, and the tables of what a member of the group and a course may become. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves
from xinqiao.foundation.access.permissions import Permission


class MemberState(models.TextChoices):
    """Where somebody stands in a counselling group."""

    WAITING = "waiting", _("Waits to be admitted")
    ADMITTED = "admitted", _("In the group")
    ENDED = "ended", _("No longer in the group")


class CourseState(models.TextChoices):
    """Where a course of counselling stands."""

    RUNNING = "running", _("Running")
    WAITING = "waiting", _("Without a counsellor")
    ENDED = "ended", _("Ended")


class Signed(models.TextChoices):
    """Who agreed to the counselling and its limits."""

    PUPIL = "pupil", _("The pupil")
    GUARDIAN = "guardian", _("A guardian")
    BOTH = "both", _("The pupil and a guardian")


class Form(models.TextChoices):
    """How a session was held."""

    INDIVIDUAL = "individual", _("Alone, face to face")
    GROUP = "group", _("In a group")
    ONLINE = "online", _("Online or by phone")


class Risk(models.TextChoices):
    """Whether risk was asked for in a session, and what came of it."""

    NOT_ASKED = "not_asked", _("Not asked this time")
    NONE = "none", _("Asked; none found")
    FOUND = "found", _("Danger found")
    ACUTE = "acute", _("Acute danger")


class EndReason(models.TextChoices):
    """Why a course ended; none ends without a reason."""

    REACHED = "reached", _("The goals are reached")
    WISH = "wish", _("The pupil or the family wished it")
    ELSEWHERE = "elsewhere", _("Care goes on elsewhere")
    OTHER = "other", _("For another reason")
    LEFT = "left", _("Left the school")


class Effect(models.TextChoices):
    """What the course has brought, as the counsellor sees it."""

    MUCH = "much", _("Much better")
    SOME = "some", _("Somewhat better")
    SAME = "same", _("No change")
    WORSE = "worse", _("Worse")
    UNKNOWN = "unknown", _("Cannot be said")


MEMBER_MOVES = (
    Move(MemberState.WAITING, MemberState.ADMITTED, Permission.COUNSEL_WRITE, "counselling.member.admitted"),
    Move(MemberState.ADMITTED, MemberState.WAITING, Permission.COUNSEL_KEY, "counselling.member.locked_out"),
    Move(MemberState.ADMITTED, MemberState.ENDED, Permission.COUNSEL_WRITE, "counselling.member.ended"),
    Move(MemberState.WAITING, MemberState.ENDED, Permission.COUNSEL_WRITE, "counselling.member.ended"),
)
COURSE_MOVES = (
    Move(CourseState.RUNNING, CourseState.WAITING, "", "counselling.course.orphaned"),
    Move(CourseState.WAITING, CourseState.RUNNING, Permission.COUNSEL_WRITE, "counselling.course.taken"),
    Move(CourseState.RUNNING, CourseState.ENDED, Permission.COUNSEL_WRITE, "counselling.course.ended"),
    Move(CourseState.RUNNING, CourseState.ENDED, "", "counselling.course.left"),
    Move(CourseState.WAITING, CourseState.ENDED, "", "counselling.course.left"),
)


def member_diagram() -> str:
    """Return the moves of a member as a Mermaid diagram, as docs/states/counselling.md holds it."""
    return draw_moves(MEMBER_MOVES, [MemberState.WAITING, MemberState.ADMITTED])


def course_diagram() -> str:
    """Return the moves of a course likewise."""
    return draw_moves(COURSE_MOVES, [CourseState.RUNNING])
