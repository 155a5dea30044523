"""Enums of cases, and the table of a case's moves. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class CaseState(models.TextChoices):
    """Where a case stands."""

    OPEN = "open", _("Waits for a judgement")
    JUDGED = "judged", _("In care")
    CLOSED = "closed", _("Case closed")


class EndReason(models.TextChoices):
    """Why a case was closed; nothing ends without one."""

    BETTER = "better", _("Care is no longer needed")
    ELSEWHERE = "elsewhere", _("Goes on outside the school, as agreed with the family")
    MISTAKE = "mistake", _("Opened by mistake, or a false alarm")
    LEFT = "left", _("Left the school and was handed over")


class Way(models.TextChoices):
    """How a follow-up was held."""

    IN_PERSON = "in_person", _("In person")
    HOME_VISIT = "home_visit", _("Home visit")
    PHONE = "phone", _("By telephone or video call")


class Whom(models.TextChoices):
    """With whom a follow-up was."""

    PUPIL = "pupil", _("With the pupil")
    GUARDIAN = "guardian", _("With the guardians")


class Finding(models.TextChoices):
    """What a follow-up found of the danger; sealed with the notes."""

    NONE = "none", _("No sign of danger now")
    SAME = "same", _("As before")
    WORSE = "worse", _("More than before, not acute")
    ACUTE = "acute", _("Acute danger: a plan, means or an attempt")


MOVES = (
    Move(CaseState.OPEN, CaseState.JUDGED, Permission.CASE_EDIT, "crisis.case.judged"),
    Move(CaseState.JUDGED, CaseState.JUDGED, Permission.CASE_EDIT, "crisis.case.judged"),
    Move(CaseState.OPEN, CaseState.CLOSED, Permission.CASE_EDIT, "crisis.case.closed"),
    Move(CaseState.JUDGED, CaseState.CLOSED, Permission.CASE_EDIT, "crisis.case.closed"),
)


def sources_of(target: CaseState) -> list[str]:
    """Return the states from which a case may move to `target`."""
    return list(sources_among(MOVES, target))


def diagram() -> str:
    """Return the moves as the Mermaid text that docs/states/case.md holds."""
    return draw_moves(MOVES, [CaseState.OPEN], born="crisis.case.opened", with_permission=True)
