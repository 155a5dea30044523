"""Rows of voices for jobs and private bodies of commands."""

from typing import TYPE_CHECKING

from xinqiao.care.voices.models import ClassmateWorry, ClassReport, CommitteeSeat

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

_WHY = "bodies of commands that have checked their actor, and what the clock does"


def every_seat() -> "ScopedQuerySet[CommitteeSeat]":
    """Return every seat."""
    rows: ScopedQuerySet[CommitteeSeat] = CommitteeSeat.objects.for_system(reason=_WHY)
    return rows


def every_report() -> "ScopedQuerySet[ClassReport]":
    """Return every class report."""
    rows: ScopedQuerySet[ClassReport] = ClassReport.objects.for_system(reason=_WHY)
    return rows


def every_worry() -> "ScopedQuerySet[ClassmateWorry]":
    """Return every worry about a classmate."""
    rows: ScopedQuerySet[ClassmateWorry] = ClassmateWorry.objects.for_system(reason=_WHY)
    return rows
