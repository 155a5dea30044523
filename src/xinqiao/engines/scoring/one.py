"""Scoring one sheet, for the moment it is handed in: plain tables over packed bytes, no arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from xinqiao.engines.scoring.faults import ILLEGAL_ANSWER, MISSING_ANSWER, UNASKED_ANSWER, AnswerFault
from xinqiao.engines.scoring.packing import MISSING, pack_answers
from xinqiao.engines.scoring.plan import Plan, PlannedScore

_NOTHING_MISSING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Result:
    """What one sheet says.

    `scores` and `bands` are keyed by subscale in the scale's order and empty where `faults` is not; a band is ""
    where no norm fits the person. `critical` holds item numbers, ascending, and is filled whatever else is wrong.
    `valid` is False with any fault and where a validity rule (named in `voided_by`) voids the scores.
    """

    scores: dict[str, float]
    bands: dict[str, str]
    valid: bool
    critical: tuple[int, ...]
    flags: tuple[str, ...] = ()
    voided_by: tuple[str, ...] = ()
    faults: tuple[AnswerFault, ...] = ()

    @property
    def error(self) -> str:
        """The first fault as `code:item`, "" where there is none."""
        return str(self.faults[0]) if self.faults else ""


def score_one(
    plan: Plan,
    answers: Sequence[int | None] | bytes,
    *,
    sex: str | None = None,
    grade: int | None = None,
    age: int | None = None,
) -> Result:
    """Score one sheet: a list with None where an answer is missing, or the packed form.

    `sex` is "male" or "female", `grade` 1–12, `age` completed years; None where not known.
    ValueError where the number of answers is not the scale's: that is the caller's mistake, not the pupil's.
    """
    raw = answers if isinstance(answers, bytes) else pack_answers(answers)
    if len(raw) != plan.item_count:
        raise ValueError(f"{len(raw)} answers for the {plan.item_count} items of {plan.scale.id}")
    critical = critical_answers(plan, raw)
    missing = _NOTHING_MISSING
    if plan.branches or not _all_legal(plan, raw):
        faults = answer_faults(plan, raw)
        if faults:
            return Result({}, {}, valid=False, critical=critical, faults=faults)
        missing = frozenset(i for i, answer in enumerate(raw) if answer == MISSING)
    scores = {score.id: _score(score, raw, missing) for score in plan.scores}
    voided_by = tuple([rule_id for rule_id, when in plan.validity if when.holds(scores[when.subscale])])
    return Result(
        scores=scores,
        bands={score.id: _band(score, scores[score.id], sex, grade, age) for score in plan.scores},
        valid=not voided_by,
        critical=critical,
        flags=_flags(plan, scores, sex, grade, age) if plan.flags else (),
        voided_by=voided_by,
    )


def critical_answers(plan: Plan, raw: bytes) -> tuple[int, ...]:
    """Item numbers answered in a way that raises a signal. Looks at nothing else on the sheet."""
    return tuple([rule.item for rule in plan.critical if raw[rule.index] in rule.codes])


def score_part(plan: Plan, subscale: str, raw: bytes) -> float:
    """One score of a packed sheet whose other items may be open; all items of this score must be answered."""
    return _score(next(score for score in plan.scores if score.id == subscale), raw, _NOTHING_MISSING)


def answer_faults(plan: Plan, raw: bytes) -> tuple[AnswerFault, ...]:
    """Every answer that forbids scoring: illegal ones first, then missing ones, then answers nobody asked for."""
    illegal = [
        i
        for i, (answer, codes) in enumerate(zip(raw, plan.codes_by_item, strict=True))
        if answer != MISSING and answer not in codes
    ]
    unasked = _unasked(plan, raw)
    missing = {i for i, answer in enumerate(raw) if answer == MISSING and i not in unasked}
    refused = missing if plan.refuses_missing else _beyond_limits(plan, missing)
    stray = [
        branch.index
        for branch in plan.branches
        if branch.index in unasked
        and raw[branch.index] != branch.lowest
        and raw[branch.index] in plan.codes_by_item[branch.index]
    ]
    return tuple(
        AnswerFault(code, index + 1)
        for code, indices in ((ILLEGAL_ANSWER, illegal), (MISSING_ANSWER, sorted(refused)), (UNASKED_ANSWER, stray))
        for index in indices
    )


def _all_legal(plan: Plan, raw: bytes) -> bool:
    if len(plan.code_groups) == 1:
        return not raw.translate(None, plan.code_groups[0][1])
    return not any(bytes(read(raw)).translate(None, codes) for read, codes in plan.code_groups)


def _unasked(plan: Plan, raw: bytes) -> set[int]:
    unasked = set()
    for branch in plan.branches:
        opened = any(raw[g] >= branch.at_least and raw[g] in plan.codes_by_item[g] for g in branch.gates)
        if not opened:
            unasked.add(branch.index)
    return unasked


def _beyond_limits(plan: Plan, missing: set[int]) -> set[int]:
    refused: set[int] = set()
    for score in plan.scores:
        here = missing.intersection(score.indices)
        if len(here) > score.missing_limit:
            refused |= here
    return refused


def _score(score: PlannedScore, raw: bytes, missing: frozenset[int]) -> float:
    if missing and score.method != "steps":
        return _score_of_answered(score, raw, missing)
    result = _points(score, raw) * score.numerator / score.denominator
    return float(floor(result)) if score.truncate else result


def _points(score: PlannedScore, raw: bytes) -> int:
    if score.method == "steps":
        return _steps_passed(score, raw)
    if score.method == "count":
        return sum([raw[i] >= score.at_least for i in score.indices])
    points = score.turned_total
    if score.read_plain is not None:
        points += sum(score.read_plain(raw))
    if score.read_turned is not None:
        points -= sum(score.read_turned(raw))
    return points


def _score_of_answered(score: PlannedScore, raw: bytes, missing: frozenset[int]) -> float:
    """The answered items stand for the missing ones of the same subscale."""
    answered = [i for i in score.indices if i not in missing]
    if score.method == "count":
        points = sum(raw[i] >= score.at_least for i in answered)
    else:
        points = sum(score.mirrors[i] - raw[i] if i in score.mirrors else raw[i] for i in answered)
    result = points * score.numerator * len(score.indices) / (score.denominator * len(answered))
    return float(floor(result)) if score.truncate else result


def _steps_passed(score: PlannedScore, raw: bytes) -> int:
    # A missing answer can only be one that was not asked for: it does not pass a step.
    for passed, step in enumerate(score.steps):
        if not any(score.at_least <= raw[i] < MISSING for i in step):
            return passed
    return len(score.steps)


def _band(score: PlannedScore, value: float, sex: str | None, grade: int | None, age: int | None) -> str:
    for norm in score.norms:
        if norm.when is None or norm.when.accepts(sex, grade, age, unknown=False):
            return norm.code_of(value)
    return ""


def _flags(
    plan: Plan, scores: dict[str, float], sex: str | None, grade: int | None, age: int | None
) -> tuple[str, ...]:
    return tuple(
        flag.id
        for flag in plan.flags
        if (flag.when is None or flag.when.accepts(sex, grade, age, unknown=True))
        and any(comparison.holds(scores[comparison.subscale]) for comparison in flag.any_of)
    )
