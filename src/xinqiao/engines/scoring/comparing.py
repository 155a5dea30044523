"""What differs between two scales, entry by entry of their canonical form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xinqiao.engines.scoring.model import Scale
from xinqiao.engines.scoring.writing import scale_to_mapping


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry, by its place in a scale file; None on the side where it is not there."""

    place: str
    left: str | None
    right: str | None


def differences(left: Scale, right: Scale) -> list[Difference]:
    """Every entry that is not the same; empty exactly when the scales are equal."""
    one, other = dict(_leaves(scale_to_mapping(left), "")), dict(_leaves(scale_to_mapping(right), ""))
    places = [*one, *(place for place in other if place not in one)]
    return [
        Difference(place, one.get(place), other.get(place)) for place in places if one.get(place) != other.get(place)
    ]


def _leaves(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _leaves(entry, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list) and any(isinstance(entry, Mapping) for entry in value):
        for name, entry in zip(_names(value), value, strict=True):
            yield from _leaves(entry, f"{place}[{name}]")
    elif isinstance(value, list):
        yield place, ", ".join("—" if entry is None else str(entry) for entry in value)
    else:
        yield place, str(value)


def _names(entries: list[Any]) -> list[str]:
    """Entries are told apart by what names them, so that one put between others does not change all after it."""
    for key in ("id", "name", "code", "item"):
        names = [str(entry.get(key, "")) for entry in entries]
        if all(names) and len(set(names)) == len(names):
            return names
    return [str(n) for n in range(len(entries))]
