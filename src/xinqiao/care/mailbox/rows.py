"""Rows of the mailbox for jobs and private bodies of commands."""

from typing import TYPE_CHECKING

from xinqiao.care.mailbox.models import LetterWords, NameRequest, PupilLetter, SealedName

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

_WHY = "bodies of commands that have checked their actor, and what the clock does"


def every_letter() -> "ScopedQuerySet[PupilLetter]":
    """Return every letter."""
    rows: ScopedQuerySet[PupilLetter] = PupilLetter.objects.for_system(reason=_WHY)
    return rows


def every_word() -> "ScopedQuerySet[LetterWords]":
    """Return the words of every letter."""
    rows: ScopedQuerySet[LetterWords] = LetterWords.objects.for_system(reason=_WHY)
    return rows


def every_name() -> "ScopedQuerySet[SealedName]":
    """Return every sealed name, still sealed."""
    rows: ScopedQuerySet[SealedName] = SealedName.objects.for_system(reason=_WHY)
    return rows


def every_request() -> "ScopedQuerySet[NameRequest]":
    """Return every request to open a name."""
    rows: ScopedQuerySet[NameRequest] = NameRequest.objects.for_system(reason=_WHY)
    return rows
