"""Enums of alerts, and the table of a signal's moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class Source(models.TextChoices):
    """Where a signal came from."""

    SCREENING = "screening", _("Screening result")
    CRITICAL_ANSWER = "critical_answer", _("Critical answer")
    STUDENT = "student", _("The student")
    CLASS_TEACHER = "class_teacher", _("The class teacher")
    GUARDIAN = "guardian", _("The guardian")
    SUBJECT_TEACHER = "subject_teacher", _("A subject teacher")
    MENTOR = "mentor", _("The mentor")
    DORM_KEEPER = "dorm_keeper", _("The dormitory keeper")
    STAFF = "staff", _("Another member of staff")
    COMMITTEE = "committee", _("The class's committee member")
    ROUND = "round", _("A round through the class or dormitory")
    MAILBOX = "mailbox", _("The mailbox")
    HOTLINE = "hotline", _("The hotline")
    COUNSELLOR = "counsellor", _("A counsellor")
    CHECKUP = "checkup", _("A medical check-up")
    DEPARTMENT = "department", _("Another department")
    EXPOSURE = "exposure", _("Exposure to an incident")
    SCHOOL_BEFORE = "school_before", _("The school before")


# What members of staff saw and wrote down; a pupil's or guardian's own word, and a score, are none of these.
STAFF_SOURCES = (
    Source.CLASS_TEACHER, Source.SUBJECT_TEACHER, Source.MENTOR, Source.DORM_KEEPER, Source.STAFF, Source.ROUND,
)  # fmt: skip
# What somebody at the school takes in and hands over to the queue.
HANDED_OVER = (
    Source.HOTLINE, Source.MAILBOX, Source.COUNSELLOR, Source.CHECKUP, Source.DEPARTMENT, Source.GUARDIAN,
)  # fmt: skip


class SeenWhen(models.TextChoices):
    """When what is reported was seen."""

    NOW = "now", _("Just now")
    TODAY = "today", _("Today")
    WEEK = "week", _("In the last days")
    EARLIER = "earlier", _("For longer")


class Part(models.TextChoices):
    """Which part a pupil has in a bullying that was reported."""

    SUFFERS = "suffers", _("to whom it is done")
    DOES = "does", _("who does it")


class Urgency(models.TextChoices):
    """Set by rule at once; replaced by a person's level at triage."""

    RED = "red", _("Red")
    ORANGE = "orange", _("Orange")
    YELLOW = "yellow", _("Yellow")


URGENCY_ORDER = {Urgency.RED: 0, Urgency.ORANGE: 1, Urgency.YELLOW: 2}


class Level(models.TextChoices):
    """Risk level, a person's word."""

    RED = "red", _("Red level")
    ORANGE = "orange", _("Orange level")
    YELLOW = "yellow", _("Yellow level")
    GREEN = "green", _("Green level")


class SignalState(models.TextChoices):
    """Where a signal stands."""

    OPEN = "open", _("Not taken yet")
    ACKNOWLEDGED = "acknowledged", _("Taken")
    CLOSED = "closed", _("Settled")


class Sees(models.TextChoices):
    """What someone who was warned may see of the pupil."""

    NOTICE_ONLY = "notice_only", _("That the pupil needs attention")
    LEVEL_AND_ADVICE = "level_and_advice", _("Level and advice")
    BEYOND = "beyond", _("The school, not the pupil")


class ToldBy(models.TextChoices):
    """How a guardian was told."""

    PHONE = "phone", _("By telephone")
    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("By video")
    WITHHELD = "withheld", _("Not told for now: it would endanger the child")


class Gate(models.TextChoices):
    """What a school put between a flag and the full interview; "" where nothing stands between."""

    TALK = "talk", _("A ten-minute talk")
    PAPER = "paper", _("A short second paper")


class GateState(models.TextChoices):
    """Where a signal stands at the second gate; "" for one that never came there."""

    WAITING = "waiting", _("At the second gate")
    CLEARED = "cleared", _("Second paper without a flag")
    PASSED = "passed", _("Passed the second gate")


AT_GATE = (GateState.WAITING, GateState.CLEARED)


class TalkKind(models.TextChoices):
    """Which talk an interview was."""

    FULL = "full", _("Interview")
    GATE = "gate", _("Talk at the second gate")
    LOT = "lot", _("Talk with a pupil drawn by lot")
    PAPER = "paper", _("Look at the second paper, without a talk")
    ASKED = "asked", _("Settled after asking whoever reported it")


class Outcome(models.TextChoices):
    """How triage ended."""

    CASE = "case", _("Needs continued care")
    WATCH = "watch", _("Kept in view")
    KNOWN = "known", _("Already in care")
    NOTHING = "nothing", _("Nothing to it")


MOVES = (
    Move(
        SignalState.OPEN, SignalState.ACKNOWLEDGED, Permission.NOTICE_ACKNOWLEDGE, "alerts.signal.acknowledged"
    ),
    Move(SignalState.OPEN, SignalState.CLOSED, Permission.INTERVIEW_WRITE, "alerts.signal.closed"),
    Move(SignalState.ACKNOWLEDGED, SignalState.CLOSED, Permission.INTERVIEW_WRITE, "alerts.signal.closed"),
)  # fmt: skip


# No move here closes a signal: that is a person's, in MOVES.
GATE_MOVES = (
    Move(GateState.WAITING, GateState.PASSED, Permission.INTERVIEW_WRITE, "alerts.gate.moved"),
    Move(GateState.WAITING, GateState.CLEARED, "", "alerts.gate.moved"),
    Move(GateState.CLEARED, GateState.PASSED, Permission.INTERVIEW_WRITE, "alerts.gate.moved"),
)


def gate_sources_of(target: GateState) -> list[str]:
    """Return the states at the gate from which a signal may move to `target`."""
    return list(sources_among(GATE_MOVES, target))


def gate_diagram() -> str:
    """Return the moves at the gate as Mermaid text."""
    return draw_moves(GATE_MOVES, [GateState.WAITING], born="alerts.signal.raised", with_permission=True)


def sources_of(target: SignalState) -> list[str]:
    """Return the states from which a signal may move to `target`."""
    return list(sources_among(MOVES, target))


def diagram() -> str:
    """Return the moves as the Mermaid text that docs/states/signal.md holds."""
    return draw_moves(MOVES, [SignalState.OPEN], born="alerts.signal.raised", with_permission=True)
