"""Rows for private bodies of commands and for jobs, whose actor was checked already or is the system."""

from typing import TYPE_CHECKING

from xinqiao.care.feedback.models import AgendaItem, Decision, Feedback, GuardianTry, Meeting, TeacherWord

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

_REASON = "body of a command or job of feedback"


def every_feedback() -> "ScopedQuerySet[Feedback]":
    """Return all feedback, owed and given."""
    rows: ScopedQuerySet[Feedback] = Feedback.objects.for_system(reason=_REASON)
    return rows


def every_word() -> "ScopedQuerySet[TeacherWord]":
    """Return the words of all teachers."""
    rows: ScopedQuerySet[TeacherWord] = TeacherWord.objects.for_system(reason=_REASON)
    return rows


def every_try() -> "ScopedQuerySet[GuardianTry]":
    """Return all tries to reach guardians."""
    rows: ScopedQuerySet[GuardianTry] = GuardianTry.objects.for_system(reason=_REASON)
    return rows


def every_meeting() -> "ScopedQuerySet[Meeting]":
    """Return all meetings."""
    rows: ScopedQuerySet[Meeting] = Meeting.objects.for_system(reason=_REASON)
    return rows


def every_item() -> "ScopedQuerySet[AgendaItem]":
    """Return the items of all agendas."""
    rows: ScopedQuerySet[AgendaItem] = AgendaItem.objects.for_system(reason=_REASON)
    return rows


def every_decision() -> "ScopedQuerySet[Decision]":
    """Return what all meetings decided."""
    rows: ScopedQuerySet[Decision] = Decision.objects.for_system(reason=_REASON)
    return rows
