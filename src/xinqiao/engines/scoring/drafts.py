"""Judging a scale that is still being written: everything that is missing or wrong, each with its place."""

from collections.abc import Mapping
from typing import Any

from xinqiao.engines.scoring.checks import check_scale
from xinqiao.engines.scoring.faults import Fault, ScaleFault
from xinqiao.engines.scoring.loading import scale_from_mapping
from xinqiao.engines.scoring.model import Scale

# In the order of the file. `informants` and `audience` have defaults; rules and flags may be absent.
REQUIRED = (
    "id", "version", "title", "offered", "licence", "wording", "items", "missing", "subscales", "sources", "examples",
)  # fmt: skip


def judge_draft(mapping: Mapping[str, Any]) -> tuple[Scale | None, tuple[Fault, ...]]:
    """The scale a draft describes, None where it cannot be read yet, and every fault that can be told of it."""
    absent = [Fault(key, "missing_key", key) for key in REQUIRED if mapping.get(key) in (None, "", [], {})]
    if absent:
        return None, tuple(absent)
    try:
        scale = scale_from_mapping(mapping)
    except ScaleFault as fault:
        return None, (Fault(fault.place, fault.code, fault.detail),)
    return scale, tuple(check_scale(scale))
