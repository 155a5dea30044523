"""One answered scale, scored and judged for care: what an answer sheet's `result` holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from xinqiao.engines.carelessness import Suggestion, measure, suggest
from xinqiao.engines.scoring import Plan, Result, score_one

DECISECONDS = 10


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored sheet; `care` says whether it should be given again, and why. It never voids anything."""

    result: Result
    care: Suggestion


def score_sheet(
    plan: Plan,
    packed: bytes,
    deciseconds: Sequence[int] | None,
    *,
    sex: str | None = None,
    grade: int | None = None,
    age: int | None = None,
) -> Scored:
    """Score packed answers; `deciseconds` an item, None or all zero where the time was not taken."""
    total = sum(deciseconds) if deciseconds else 0
    result = score_one(plan, packed, sex=sex, grade=grade, age=age)
    return Scored(result, suggest(measure(plan, packed, seconds=total / DECISECONDS if total else None)))


def result_text(scored: Scored) -> str:
    """Return a scored sheet as the JSON that an answer sheet's `result` holds."""
    result, care = scored.result, scored.care
    indices = care.indices
    return msgspec.json.encode(
        {
            "scores": result.scores,
            "bands": result.bands,
            "valid": result.valid,
            "critical": result.critical,
            "flags": result.flags,
            "voided_by": result.voided_by,
            "faults": [str(fault) for fault in result.faults],
            "care": {
                "again": care.readminister,
                "because": care.because,
                "answered": indices.answered,
                "seconds_per_item": _rounded(indices.seconds_per_item),
                "longstring": indices.longstring,
                "even_odd": _rounded(indices.even_odd),
                "irv": _rounded(indices.irv),
            },
        }
    ).decode()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def read_result(text: str) -> dict[str, Any]:
    """Return what `result_text` wrote."""
    found: dict[str, Any] = msgspec.json.decode(text)
    return found
