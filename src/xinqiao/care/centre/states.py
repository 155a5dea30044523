"""Enums of a counselling centre. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Zone(models.TextChoices):
    """What a room is for."""

    RECEPTION = "reception", _("Reception and office")
    INDIVIDUAL = "individual", _("Individual counselling")
    GROUP = "group", _("Group counselling")
    DEVELOPMENT = "development", _("Development training")
    OTHER = "other", _("Another space")


class During(models.TextChoices):
    """Which time of the school day an hour lies in."""

    LESSONS = "lessons", _("In lesson time")
    BREAK = "break", _("In a break")
    AFTER_SCHOOL = "after_school", _("After school")
