"""The four mechanisms that a school keeps against crises, and who answers for them: apps register here in `ready()`.

A registry without a payload, as in docs/hooks.md. Prevention, warning, emergency and tracking are the document's four
(S0-L27); what is in force and when it was last used is asked of the apps, never written down a second time.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mechanism(models.TextChoices):
    """Which of the four."""

    PREVENTION = "prevention", _("Prevention")
    WARNING = "warning", _("Warning")
    EMERGENCY = "emergency", _("Emergency response")
    TRACKING = "tracking", _("Tracking")


@dataclass(frozen=True)
class Stands:
    """What is in force at a school, in words, and since when if that is known; `is_gap` says that it is missing."""

    words: str
    since: dt.date | None = None
    is_gap: bool = False


Last = Callable[[Sequence[str]], Mapping[str, dt.datetime]]
InForce = Callable[[str, dt.date], Sequence[Stands]]


@dataclass(frozen=True)
class Use:
    """One sign that a mechanism is used: what it is called, and when it last was, by the place of the school."""

    code: str
    mechanism: Mechanism
    label: Any
    last: Last


_uses: dict[str, Use] = {}
_in_force: dict[str, tuple[Mechanism, InForce]] = {}


def register_use(code: str, mechanism: Mechanism, label: Any, last: Last) -> None:
    """Say when something of a mechanism was last used, as the last drill."""
    _uses[code] = Use(code, mechanism, label, last)


def register_in_force(code: str, mechanism: Mechanism, found: InForce) -> None:
    """Say what of a mechanism is in force at a school on a day, as a plan that was adopted."""
    _in_force[code] = (mechanism, found)


def uses_of(mechanism: Mechanism) -> tuple[Use, ...]:
    """Return what registered as a use, in order of registration."""
    return tuple(use for use in _uses.values() if use.mechanism == mechanism)


def in_force(mechanism: Mechanism, school_place: str, on: dt.date) -> tuple[Stands, ...]:
    """Return what is in force at a school on a day."""
    return tuple(
        stands for of, found in _in_force.values() if of == mechanism for stands in found(school_place, on)
    )  # fmt: skip
