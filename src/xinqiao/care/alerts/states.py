"""Enums of alerts, and the table of a signal's moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class Level(models.TextChoices):
    """Risk level, a person's word."""

    RED = "red", _("Red level")
    ORANGE = "orange", _("Orange level")
    YELLOW = "yellow", _("Yellow level")
    GREEN = "green", _("Green level")


class SignalState(models.TextChoices):
    """Where a signal stands."""

    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    CLOSED = "closed", _("Closed")


class Outcome(models.TextChoices):
    """How triage ended."""

    CASE = "case", _("Needs continued care")
    WATCH = "watch", _("Kept in view")
    KNOWN = "known", _("Already in care")
    NOTHING = "nothing", _("Nothing to it")
