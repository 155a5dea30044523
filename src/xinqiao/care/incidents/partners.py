"""Institutions of health that can be asked to act together, told by the app above that keeps the partner register."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class HealthPartner:
    """One institution in force: its name, and the contact of a department."""

    id: UUID
    name: str
    contact: str


Read = Callable[[str, dt.date], Sequence[HealthPartner]]
_readers: list[Read] = []


def register_partners(read: Read) -> None:
    """Say who knows the institutions that serve a place on a day; called in `ready()` of the app that keeps them."""
    if read not in _readers:
        _readers.append(read)


def partners_at(place: str, on: dt.date) -> list[HealthPartner]:
    """Return the institutions that may be asked at a place on a day, by name."""
    return sorted((each for read in _readers for each in read(place, on)), key=lambda each: each.name)
