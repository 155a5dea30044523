"""Enums of the register, and the table of a roster run's moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class Sex(models.TextChoices):
    """Sex as the school's roster states it."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    UNKNOWN = "unknown", _("Not stated")


class StudentStatus(models.TextChoices):
    """Is the student at the school? A nameless row is nobody: it holds what is only counted after an erasure."""

    ACTIVE = "active", _("At school")
    LEFT = "left", _("Left")
    NAMELESS = "nameless", _("Erased")


class Employment(models.TextChoices):
    """Does somebody do this work alone, or beside another?"""

    FULL = "full", _("Full time")
    PART = "part", _("Part time")


class StayEnd(models.TextChoices):
    """How a stay in a class ended, where a turn of the school year says it; else only that it did."""

    GRADUATED = "graduated", _("Graduated")
    KEPT_BACK = "kept_back", _("Kept back a year")


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
    TRANSFER = "transfer", _("Handing the file over")


class Decision(models.TextChoices):
    """What was decided on a consent form."""

    GIVEN = "given", _("Given")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class GivenBy(models.TextChoices):
    """Who decided."""

    GUARDIAN = "guardian", _("Guardian")
    STUDENT = "student", _("The student")


class RosterState(models.TextChoices):
    """Where a roster stands on its way into the register."""

    UPLOADED = "uploaded", _("Waiting to be read")
    CHECKED = "checked", _("Waiting for your yes")
    APPLYING = "applying", _("Being written")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Could not be read")
    CANCELLED = "cancelled", _("Not imported")


ROSTER_MOVES = (
    Move(RosterState.UPLOADED, RosterState.CHECKED, Permission.ROSTER_IMPORT, "people.roster.checked"),
    Move(RosterState.UPLOADED, RosterState.FAILED, Permission.ROSTER_IMPORT, "people.roster.failed"),
    Move(RosterState.CHECKED, RosterState.APPLYING, Permission.ROSTER_IMPORT, "people.roster.accepted"),
    Move(RosterState.UPLOADED, RosterState.CANCELLED, Permission.ROSTER_IMPORT, "people.roster.cancelled"),
    Move(RosterState.CHECKED, RosterState.CANCELLED, Permission.ROSTER_IMPORT, "people.roster.cancelled"),
    Move(RosterState.APPLYING, RosterState.DONE, Permission.ROSTER_IMPORT, "people.roster.finished"),
)


def roster_sources_of(target: str) -> list[str]:
    """Return the states from which a run may come to `target`."""
    return list(sources_among(ROSTER_MOVES, target))


def roster_diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/roster-run.md holds it."""
    return draw_moves(ROSTER_MOVES, [RosterState.UPLOADED])
