"""What a flag is worth: the registry through which what is above tells alerts, which knows nothing of scales."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from xinqiao.care.alerts.models import Signal
from xinqiao.engines.triage import Ratio

Key = tuple[str, str]  # scale and flag


@dataclass(frozen=True)
class Weights:
    """What is known of flags at one school: the ratio of each (scale, flag), and constructs in the reader's words."""

    ratios: Mapping[Key, Ratio] = field(default_factory=dict)
    constructs: Mapping[str, str] = field(default_factory=dict)


Weigher = Callable[[Collection[str]], Mapping[str, Weights]]
Asked = Callable[[Sequence[Signal]], Mapping[UUID, frozenset[Key]]]
_weighers: list[Weigher] = []
_askers: list[Asked] = []


def register_weigher(ask: Weigher) -> None:
    """Let `ask` say what flags are worth at schools, by the school's place; once, in `ready()`."""
    if ask not in _weighers:
        _weighers.append(ask)


def weights_at(schools: Collection[str]) -> dict[str, Weights]:
    """Return what flags are worth at each of some schools; nothing is known where nobody says."""
    found = {place: Weights() for place in schools}
    for ask in _weighers:
        found.update(ask(schools))
    return found


def register_asked(ask: Asked) -> None:
    """Let `ask` say, by the signal's id, which flags a sheet behind a signal could have raised; once, in `ready()`."""
    if ask not in _askers:
        _askers.append(ask)


def asked_of(signals: Sequence[Signal]) -> dict[UUID, frozenset[Key]]:
    """Return which flags could have been raised by the sheets behind signals; those nobody knows of are missing."""
    found: dict[UUID, frozenset[Key]] = {}
    for ask in _askers:
        found.update(ask(signals))
    return found
