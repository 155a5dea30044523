"""Judging a scale that is still being written: everything that is missing or wrong, each with its place."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from xinqiao.engines.scoring.checks import check_scale
from xinqiao.engines.scoring.faults import Fault, ScaleFault
from xinqiao.engines.scoring.loading import scale_from_mapping
from xinqiao.engines.scoring.model import Scale

# In the order of the file. `informants` and `audience` have defaults; rules and flags may be absent.
REQUIRED = (
    "id", "version", "title", "offered", "licence", "wording", "items", "missing", "subscales", "sources", "examples",
)  # fmt: skip
# Without these the rest can be read and judged all the same; `check_scale` says that examples are too few.
READ_WITHOUT = frozenset({"offered", "sources", "examples"})
# A piece that cannot be read is told of and laid aside, so that what else is wrong is told in the same breath.
_PIECES = (
    re.compile(r"(items)\.(reversed)"),
    re.compile(r"(subscales)\.([^.]+)\.(bands)"),
    re.compile(r"(offered|validity|critical|suicide_items|flags|examples)\b"),
)


def judge_draft(mapping: Mapping[str, Any]) -> tuple[Scale | None, tuple[Fault, ...]]:
    """The scale a draft describes, None where it cannot be read whole yet, and every fault that can be told of it."""
    absent = [key for key in REQUIRED if mapping.get(key) in (None, "", [], {})]
    if not READ_WITHOUT.issuperset(absent):
        return None, tuple(Fault(key, "missing_key", key) for key in absent)
    scale, unread, aside = _read_past(mapping)
    told = [*(Fault(key, "missing_key", key) for key in absent if key != "examples"), *unread]
    if scale is None:
        return None, tuple(told)
    aside |= set(absent) - {"examples"}
    told += [fault for fault in check_scale(scale) if not _follows_from(fault, aside)]
    return (None if unread else scale), tuple(told)


def _read_past(mapping: Mapping[str, Any]) -> tuple[Scale | None, list[Fault], set[str]]:
    """The scale less the pieces that cannot be read, their faults, and where those pieces stood."""
    left: Mapping[str, Any] = mapping
    faults: list[Fault] = []
    aside: set[str] = set()
    while True:
        try:
            return scale_from_mapping(left), faults, aside
        except ScaleFault as fault:
            faults.append(Fault(fault.place, fault.code, fault.detail))
            path = next((match.groups() for piece in _PIECES if (match := piece.match(fault.place))), None)
            if path is None or ".".join(path) in aside:
                return None, faults, aside
            left = _without(left, path)
            aside.add(".".join(path))


def _without(mapping: Mapping[str, Any], path: Sequence[str]) -> Mapping[str, Any]:
    key, *inner = path
    if not inner:
        return {name: value for name, value in mapping.items() if name != key}
    return {**mapping, key: _without(mapping[key], inner)}


def _follows_from(fault: Fault, aside: set[str]) -> bool:
    """Would this not be said if what was laid aside could be read? Examples and citations hang on all of it."""
    return (
        any(fault.place.startswith(place) for place in aside)
        or (bool(aside) and fault.place.startswith("examples["))
        or (bool(aside) and fault.code == "unused_source")
        or ("sources" in aside and fault.code == "no_such_source")
        or ("critical" in aside and fault.place == "suicide_items")
    )
