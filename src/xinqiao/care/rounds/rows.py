"""Rows for private bodies of commands and for jobs, whose actor was checked already or is the system."""

from typing import TYPE_CHECKING

from xinqiao.care.rounds.models import Round, RoundCall, RoundLine, RoundList

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

_REASON = "body of a command or job of rounds"


def every_call() -> "ScopedQuerySet[RoundCall]":
    """Return all calls for a round."""
    rows: ScopedQuerySet[RoundCall] = RoundCall.objects.for_system(reason=_REASON)
    return rows


def every_round() -> "ScopedQuerySet[Round]":
    """Return all rounds."""
    rows: ScopedQuerySet[Round] = Round.objects.for_system(reason=_REASON)
    return rows


def every_list() -> "ScopedQuerySet[RoundList]":
    """Return the lists of all classes."""
    rows: ScopedQuerySet[RoundList] = RoundList.objects.for_system(reason=_REASON)
    return rows


def every_line() -> "ScopedQuerySet[RoundLine]":
    """Return all lines."""
    rows: ScopedQuerySet[RoundLine] = RoundLine.objects.for_system(reason=_REASON)
    return rows
