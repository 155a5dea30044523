"""Enums of sheets."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SittingState(models.TextChoices):
    """Where a pupil's sitting stands."""

    WAITING = "waiting", _("Not begun")
    STARTED = "started", _("Answering")
    SUBMITTED = "submitted", _("Handed in")
    EXCUSED = "excused", _("Excused")
