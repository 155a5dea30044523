"""Enums of alerts, and the table of a signal's moves."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.permissions import Permission


class Source(models.TextChoices):
    """Where a signal came from."""

    SCREENING = "screening", _("Screening result")
    CRITICAL_ANSWER = "critical_answer", _("Critical answer")
    STUDENT = "student", _("The student")


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


class Outcome(models.TextChoices):
    """How triage ended."""

    CASE = "case", _("Needs continued care")
    WATCH = "watch", _("Kept in view")
    KNOWN = "known", _("Already in care")
    NOTHING = "nothing", _("Nothing to it")


@dataclass(frozen=True)
class Move:
    """One allowed move: who may make it, and the audit event it leaves."""

    source: SignalState
    target: SignalState
    permission: Permission
    event: str


MOVES = (
    Move(
        SignalState.OPEN, SignalState.ACKNOWLEDGED, Permission.NOTICE_ACKNOWLEDGE, "alerts.signal.acknowledged"
    ),
    Move(SignalState.OPEN, SignalState.CLOSED, Permission.INTERVIEW_WRITE, "alerts.signal.closed"),
    Move(SignalState.ACKNOWLEDGED, SignalState.CLOSED, Permission.INTERVIEW_WRITE, "alerts.signal.closed"),
)  # fmt: skip


def sources_of(target: SignalState) -> list[str]:
    """Return the states from which a signal may move to `target`."""
    return [move.source.value for move in MOVES if move.target is target]


def diagram() -> str:
    """Return the moves as the Mermaid text that docs/states/signal.md holds."""
    lines = [
        f"    {move.source.value} --> {move.target.value}: {move.event} ({move.permission.value})" for move in MOVES
    ]
    first, last = SignalState.OPEN.value, SignalState.CLOSED.value
    return "\n".join(["stateDiagram-v2", f"    [*] --> {first}: alerts.signal.raised", *lines, f"    {last} --> [*]"])
