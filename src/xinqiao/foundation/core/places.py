"""Places: a unit's path of immutable keys, each ended by "/", such as `kx0p2m4a/9tq1zz0c/`.

Filtering is only ever by the half-open range that `bounds` returns: a plain index answers it on both databases, where
`startswith` scans.
"""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

PLACE_LENGTH = 120


def bounds(place: str) -> tuple[str, str]:
    """Return the range [low, high) of all places at or below `place`; "/" is followed by "0" in C collation."""
    if not place.endswith("/"):
        raise ValueError(f"a place ends in '/', got {place!r}")
    return place, place[:-1] + "0"


def covers(place: str, other: str) -> bool:
    """Is `other` at or below `place`?"""
    return place.endswith("/") and other.startswith(place)


def places_above(place: str) -> list[str]:
    """Return a place and every place above it, the root first."""
    keys = place.strip("/").split("/")
    return ["/".join(keys[: i + 1]) + "/" for i in range(len(keys))]


def within(places: Iterable[str], lookup: str = "place") -> Q:
    """Return the condition that `lookup` lies at or below one of `places`; nothing matches an empty list."""
    condition = Q(pk__in=[])
    for place in places:
        low, high = bounds(place)
        condition |= Q(**{f"{lookup}__gte": low, f"{lookup}__lt": high})
    return condition


class PlaceField(models.CharField[str, str]):
    """A place with C collation on PostgreSQL, so that ranges mean the same on every database."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", PLACE_LENGTH)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own loose signature

    def db_type(self, connection: object) -> str | None:
        kind = super().db_type(connection)  # type: ignore[arg-type]  # typed as a backend wrapper
        if getattr(connection, "vendor", "") == "postgresql":
            return f'{kind} COLLATE "C"'
        return kind
