"""One answered scale, scored and judged for care: what an answer sheet's `result` holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from xinqiao.engines.adaptive import Estimate
from xinqiao.engines.carelessness import Suggestion, measure, suggest
from xinqiao.engines.scoring import Plan, Result, score_one

DECISECONDS = 10


@dataclass(frozen=True, slots=True)
class ShortSheet:
    """A sheet whose questions were chosen by adapting: with which parameters (id), for which score, what was asked in
    order, why it ended, and what is known of the full scale (None where an asked question has no answer)."""

    parameters: str
    score: str
    asked: tuple[int, ...]
    stopped_by: str
    known: Estimate | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored sheet; `care` says whether it should be given again, and why. It never voids anything."""

    result: Result
    care: Suggestion
    short: ShortSheet | None = None


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
    result = score_one(plan, packed, sex=sex, grade=grade, age=age)
    return Scored(result, care_of(plan, packed, deciseconds))


def care_of(
    plan: Plan, packed: bytes, deciseconds: Sequence[int] | None, *, is_short: bool = False
) -> Suggestion:  # fmt: skip
    """Judge how a sheet was answered; of a short one only its pace, as its questions came in another order."""
    total = sum(deciseconds) if deciseconds else 0
    indices = measure(plan, packed, seconds=total / DECISECONDS if total else None)
    return suggest(replace(indices, longstring=None, even_odd=None, irv=None) if is_short else indices)


def result_text(scored: Scored) -> str:
    """Return a scored sheet as the JSON that an answer sheet's `result` holds; `short` only where it was shortened."""
    result, care = scored.result, scored.care
    indices = care.indices
    short = {} if scored.short is None else {"short": short_facts(scored.short)}
    return msgspec.json.encode(
        {
            **short,
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


def short_facts(short: ShortSheet) -> dict[str, Any]:
    """Return what is stored of a shortened sheet: `asked` in order, the estimate of the full score with its interval,
    the decision and its chance, the bands with theirs."""
    known = short.known
    facts: dict[str, Any] = {
        "parameters": short.parameters, "score": short.score, "asked": short.asked, "stopped_by": short.stopped_by,
    }  # fmt: skip
    if known is None:
        return facts
    return facts | {
        "theta": _rounded(known.theta), "sd": _rounded(known.sd), "value": _rounded(known.score), "low": known.low,
        "high": known.high, "reaches": known.reaches, "chance": known.chance, "is_exact": known.is_exact,
        "bands": [[each.code, _rounded(each.chance)] for each in known.bands],
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def read_result(text: str) -> dict[str, Any]:
    """Return what `result_text` wrote."""
    found: dict[str, Any] = msgspec.json.decode(text)
    return found
