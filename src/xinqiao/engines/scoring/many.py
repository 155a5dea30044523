"""Scoring whole tables of sheets at once, in chunks that stay in the processor's cache."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xinqiao.engines.scoring.faults import ANSWER_FAULT_CODES, ILLEGAL_ANSWER, MISSING_ANSWER, UNASKED_ANSWER
from xinqiao.engines.scoring.model import RELATIONS, SEX_CODES, Comparison, Condition, Span
from xinqiao.engines.scoring.packing import ILLEGAL, MISSING
from xinqiao.engines.scoring.plan import Plan, PlannedScore

UNKNOWN = -1  # a grade or an age that is not known
_CHUNK_SHEETS = 4_096

Bytes = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """What s sheets say; k subscales, c critical items and f flags in the plan's order."""

    plan: Plan
    scores: Floats  # [s, k] NaN where the sheet has an error
    bands: NDArray[np.int16]  # [s, k] position in plan.band_codes[k]; -1: no band
    valid: Bools  # [s] no error, and no validity rule voids the scores
    critical: Bools  # [s, c] per plan.critical_items, whatever else is wrong with the sheet
    flags: Bools  # [s, f] per plan.flag_ids
    error: Bytes  # [s] position in ANSWER_FAULT_CODES; 0: none
    error_item: NDArray[np.int32]  # [s] item number of that error, 0 where there is none

    def score(self, subscale_id: str) -> Floats:
        """One subscale's scores, [s]."""
        return self.scores[:, self.plan.subscale_ids.index(subscale_id)]

    def band(self, subscale_id: str) -> list[str]:
        """One subscale's band codes, "" where there is none."""
        column = self.plan.subscale_ids.index(subscale_id)
        names = (*self.plan.band_codes[column], "")
        return [names[position] for position in self.bands[:, column]]

    def critical_items(self, row: int) -> tuple[int, ...]:
        """The critical items of one sheet."""
        return tuple(item for item, hit in zip(self.plan.critical_items, self.critical[row], strict=True) if hit)


@dataclass(frozen=True, slots=True)
class _People:
    sex: NDArray[np.int16]
    grade: NDArray[np.int16]
    age: NDArray[np.int16]


def score_many(
    plan: Plan,
    answers: NDArray[np.integer],
    *,
    sex: NDArray[np.integer] | None = None,
    grade: NDArray[np.integer] | None = None,
    age: NDArray[np.integer] | None = None,
) -> Scores:
    """Score `answers` [sheets, items] of any integer type; `MISSING` (255) marks a missing answer.

    `sex` holds `SEX_CODES` (0 unknown), `grade` and `age` whole numbers (-1 unknown), each [sheets]; None: all unknown.
    An answer outside the item's codes is that sheet's error. ValueError where the shapes do not fit the scale.
    """
    if answers.ndim != 2 or answers.shape[1] != plan.item_count or answers.dtype.kind not in "iu":
        raise ValueError(f"{answers.dtype} answers of shape {answers.shape} for {plan.item_count} items")
    sheets = answers.shape[0]
    people = _People(_facts(sex, sheets, 0), _facts(grade, sheets, UNKNOWN), _facts(age, sheets, UNKNOWN))
    scored = Scores(
        plan=plan,
        scores=np.empty((sheets, len(plan.scores)), dtype=np.float64),
        bands=np.full((sheets, len(plan.scores)), -1, dtype=np.int16),
        valid=np.ones(sheets, dtype=np.bool_),
        critical=np.zeros((sheets, len(plan.critical)), dtype=np.bool_),
        flags=np.zeros((sheets, len(plan.flags)), dtype=np.bool_),
        error=np.zeros(sheets, dtype=np.uint8),
        error_item=np.zeros(sheets, dtype=np.int32),
    )
    for start in range(0, sheets, _CHUNK_SHEETS):
        rows = slice(start, min(start + _CHUNK_SHEETS, sheets))
        _score_rows(plan, _as_bytes(answers[rows]), rows, scored)
        _judge_rows(plan, people, rows, scored)
    return scored


def _facts(values: NDArray[np.integer] | None, sheets: int, unknown: int) -> NDArray[np.int16]:
    if values is None:
        return np.full(sheets, unknown, dtype=np.int16)
    if values.shape != (sheets,):
        raise ValueError(f"facts of shape {values.shape} about {sheets} sheets")
    return values.astype(np.int16)


def _as_bytes(answers: NDArray[np.integer]) -> Bytes:
    if answers.dtype == np.uint8:
        return np.ascontiguousarray(answers, dtype=np.uint8)
    packed = np.where((answers < 0) | (answers > MISSING), ILLEGAL, answers)
    return np.ascontiguousarray(packed, dtype=np.uint8)


def _score_rows(plan: Plan, raw: Bytes, rows: slice, scored: Scores) -> None:
    """Scores, errors and critical answers of one chunk."""
    columns = plan.columns
    for column, rule in enumerate(plan.critical):
        scored.critical[rows, column] = np.isin(raw[:, rule.index], list(rule.codes))
    legal = _legal(plan, raw)
    all_legal = bool(legal.all())
    values = raw.astype(np.float32)
    if not all_legal:
        values[~legal] = 0
    points = (values * columns.sign) @ columns.members
    answered: Floats | NDArray[np.float32] = columns.sizes
    if columns.shift.any():
        points += (legal * columns.shift) @ columns.members
    if not all_legal:
        answered = np.maximum(legal.astype(np.float32) @ columns.members, 1)
    exact = points.astype(np.float64)
    for column, score in enumerate(plan.scores):
        if score.method in ("count", "steps"):
            exact[:, column] = _points_of_raw(score, raw, legal)
    result = exact * columns.numerators / (columns.denominators * _stretch(plan, answered))
    for column, score in enumerate(plan.scores):
        if score.truncate:
            np.floor(result[:, column], out=result[:, column])
    scored.scores[rows] = result
    if plan.branches or not all_legal:
        _mark_errors(plan, raw, legal, rows, scored)


def _stretch(plan: Plan, answered: NDArray[np.floating]) -> Floats:
    """Answered items per subscale; steps are never stretched."""
    steps = np.array([score.method == "steps" for score in plan.scores])
    return np.where(steps, plan.columns.sizes, answered).astype(np.float64)


def _legal(plan: Plan, raw: Bytes) -> Bools:
    if plan.columns.same_codes is not None:
        low, high = plan.columns.same_codes
        # Unsigned: what lies below `low` wraps round to a large number.
        return np.asarray(raw - np.uint8(low) <= high - low)
    return plan.columns.legal[np.arange(plan.item_count), raw]


def _points_of_raw(score: PlannedScore, raw: Bytes, legal: Bools) -> NDArray[np.integer]:
    reached = (raw >= score.at_least) & legal
    if score.method == "count":
        return np.asarray(reached[:, list(score.indices)].sum(axis=1))
    passed = np.stack([reached[:, list(step)].any(axis=1) for step in score.steps], axis=1)
    return np.asarray(np.logical_and.accumulate(passed, axis=1).sum(axis=1))


def _mark_errors(plan: Plan, raw: Bytes, legal: Bools, rows: slice, scored: Scores) -> None:
    missing = raw == MISSING
    asked = np.ones_like(legal)
    stray = np.zeros_like(legal)
    for branch in plan.branches:
        gates = list(branch.gates)
        opened = ((raw[:, gates] >= branch.at_least) & legal[:, gates]).any(axis=1)
        asked[:, branch.index] = opened
        stray[:, branch.index] = ~opened & legal[:, branch.index] & (raw[:, branch.index] != branch.lowest)
    found = {ILLEGAL_ANSWER: ~legal & ~missing, MISSING_ANSWER: _refused(plan, missing & asked), UNASKED_ANSWER: stray}
    code = np.zeros(raw.shape[0], dtype=np.uint8)
    item = np.zeros(raw.shape[0], dtype=np.int32)
    for number, name in reversed(list(enumerate(ANSWER_FAULT_CODES))[1:]):
        hit = found[name].any(axis=1)
        code[hit] = number
        item[hit] = found[name].argmax(axis=1)[hit] + 1
    scored.error[rows] = code
    scored.error_item[rows] = item
    scored.scores[rows][code > 0] = np.nan


def _refused(plan: Plan, missing: Bools) -> Bools:
    """Missing answers that the scale does not bear."""
    if plan.refuses_missing:
        return missing
    members = plan.columns.members
    beyond = (missing.astype(np.float32) @ members) > plan.columns.limits
    return np.asarray(missing & ((beyond.astype(np.float32) @ members.T) > 0))


def _judge_rows(plan: Plan, people: _People, rows: slice, scored: Scores) -> None:
    """Bands, validity and flags of one chunk, from its scores."""
    scores, sound = scored.scores[rows], scored.error[rows] == 0
    for column, score in enumerate(plan.scores):
        left = sound.copy()
        for norm in score.norms:
            fits = left & _accepted(norm.when, people, rows, unknown=False)
            names = plan.band_codes[column]
            positions = np.array([-1, *(names.index(code) for code in norm.codes)], dtype=np.int16)
            bands = positions[
                np.searchsorted(norm.thresholds, scores[:, column], side="right").clip(max=len(norm.codes))
            ]
            scored.bands[rows, column] = np.where(fits, bands, scored.bands[rows, column])
            left &= ~fits
    void = _any_holds(plan, [when for _, when in plan.validity], scores)
    scored.valid[rows] = sound & ~void
    for column, flag in enumerate(plan.flags):
        fits = _accepted(flag.when, people, rows, unknown=True)
        scored.flags[rows, column] = sound & fits & _any_holds(plan, flag.any_of, scores)


def _any_holds(plan: Plan, comparisons: Iterable[Comparison], scores: Floats) -> Bools:
    found = np.zeros(scores.shape[0], dtype=np.bool_)
    for comparison in comparisons:
        score = scores[:, plan.subscale_ids.index(comparison.subscale)]
        found |= RELATIONS[comparison.operator](score, comparison.threshold)
    return found


def _accepted(when: Condition | None, people: _People, rows: slice, *, unknown: bool) -> Bools:
    sex, grade, age = people.sex[rows], people.grade[rows], people.age[rows]
    fits = np.ones(sex.shape, dtype=np.bool_)
    if when is None:
        return fits
    if when.sex is not None:
        fits &= np.where(sex == 0, unknown, sex == SEX_CODES[when.sex])
    for span, values in ((when.grades, grade), (when.ages, age)):
        if span is not None:
            fits &= np.where(values == UNKNOWN, unknown, _within(span, values))
    return fits


def _within(span: Span, values: NDArray[np.int16]) -> Bools:
    inside = np.ones(values.shape, dtype=np.bool_)
    if span.low is not None:
        inside &= values >= span.low
    if span.high is not None:
        inside &= values <= span.high
    return inside
