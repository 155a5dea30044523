"""Joining words into a list as the reader's language does."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(parts: Iterable[object]) -> str:
    """Return parts joined by a comma, in Chinese by the mark for lists."""
    return _(", ").join(str(part) for part in parts)
