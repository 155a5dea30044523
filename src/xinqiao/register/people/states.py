"""Enums of the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    """Sex as the school's roster states it."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    UNKNOWN = "unknown", _("Not stated")


class StudentStatus(models.TextChoices):
    """Is the student at the school?"""

    ACTIVE = "active", _("At school")
    LEFT = "left", _("Left")


class TieKind(models.TextChoices):
    """Why a person may reach a pupil besides the class."""

    GUARDIAN = "guardian", _("Guardian")
    MENTOR = "mentor", _("Mentor")
    HELPER = "helper", _("Helper")
    CASELOAD = "caseload", _("Caseload")
    DORM = "dorm", _("Dormitory")


class Relation(models.TextChoices):
    """What a guardian is to the child."""

    FATHER = "father", _("Father")
    MOTHER = "mother", _("Mother")
    GRANDPARENT = "grandparent", _("Grandparent")
    GUARDIAN = "guardian", _("Guardian (other)")
    OTHER = "other", _("Other relation")


class Purpose(models.TextChoices):
    """What a consent is for."""

    SCREENING = "screening", _("Screening")
    COUNSELLING = "counselling", _("Counselling")
    REFERRAL = "referral", _("Referral")


class Decision(models.TextChoices):
    """What was decided on a consent form."""

    GIVEN = "given", _("Given")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class GivenBy(models.TextChoices):
    """Who decided."""

    GUARDIAN = "guardian", _("Guardian")
    STUDENT = "student", _("The student")
