"""Carelessness indices of one sheet.

An index that says nothing about this scale or this sheet is None, never 0. Sources: longstring Johnson 2005
(J Res Pers 39:103-129), even-odd consistency the same and Curran 2016 (J Exp Soc Psychol 66:4-19), intra-individual
response variability Dunn et al. 2018 (J Bus Psychol 33:105-121), time per item Huang et al. 2012 (J Bus Psychol
27:99-114). On clinical scales several of them grow with severity itself (Conijn et al. 2019), which is why
`suggest` never follows such an index alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt
from statistics import correlation

from xinqiao.engines.scoring.packing import pack_answers
from xinqiao.engines.scoring.plan import Plan, PlannedScore

FEWEST_PARTS = 3  # a correlation over fewer subscales is 1, -1 or nothing


@dataclass(frozen=True, slots=True)
class Indices:
    """What was measured. `answered` counts legal answers, `items` all items of the scale."""

    answered: int
    items: int
    seconds_per_item: float | None  # None: the time was not recorded, or nothing was answered
    longstring: int | None  # longest run of one answer; None: the scale has no reversed items
    even_odd: float | None  # -1 to 1; None: fewer than three subscales, or no variation to correlate
    irv: float | None  # standard deviation of the raw answers; None: fewer than two answers


def measure(plan: Plan, answers: Sequence[int | None] | bytes, *, seconds: float | None = None) -> Indices:
    """Measure one sheet; `seconds` is the whole time it was on the pupil's screen, None where nobody knows."""
    raw = answers if isinstance(answers, bytes) else pack_answers(answers)
    if len(raw) != plan.item_count:
        raise ValueError(f"{len(raw)} answers for the {plan.item_count} items of {plan.scale.id}")
    legal = [answer if answer in codes else None for answer, codes in zip(raw, plan.codes_by_item, strict=True)]
    given = [answer for answer in legal if answer is not None]
    return Indices(
        answered=len(given),
        items=plan.item_count,
        seconds_per_item=seconds / len(given) if seconds is not None and given else None,
        longstring=longest_run(legal) if has_reversed_items(plan) else None,
        even_odd=even_odd_consistency(plan, legal),
        irv=_deviation(given) if len(given) > 1 else None,
    )


def _deviation(numbers: Sequence[int]) -> float:
    """Standard deviation of a sample, its variance exact: statistics.stdev is too slow for a sheet at the door."""
    count, total = len(numbers), sum(numbers)
    return sqrt((count * sum(n * n for n in numbers) - total * total) / (count * (count - 1)))


def has_reversed_items(plan: Plan) -> bool:
    """Whether saying the same throughout contradicts itself; elsewhere a long run may be plain truth."""
    return any(item.reversed for item in plan.scale.items)


def longest_run(answers: Sequence[int | None]) -> int:
    """The longest run of one answer; a missing answer ends a run."""
    return max(run_lengths(answers), default=0)


def run_lengths(answers: Iterable[float | None]) -> list[int]:
    """How long each run of one answer is, in order; a missing answer (None) ends a run and is none itself."""
    return [len(list(run)) for answer, run in groupby(answers) if answer is not None]


def even_odd_consistency(plan: Plan, answers: Sequence[int | None]) -> float | None:
    """Correlation, over the parts of the scale, of the means of their odd and even items, stepped up to full length.

    Reversed items are turned first.
    """
    pairs = [_halves(score, answers) for score in _parts(plan)]
    odd, even = [pair[0] for pair in pairs if pair], [pair[1] for pair in pairs if pair]
    if len(odd) < FEWEST_PARTS or is_flat(odd) or is_flat(even):
        return None
    return stepped_up(correlation(odd, even))


def is_flat(halves: Sequence[float]) -> bool:
    """Whether all parts are alike, so that there is nothing to correlate. Compared, not computed: the deviation of
    0.4, 0.4, 0.4 is no zero in floating point, and its correlation would be one of rounding errors."""
    return max(halves) == min(halves)


def stepped_up(r: float) -> float:
    """A correlation of halves stepped up to the full length after Spearman and Brown, not below -1."""
    return -1.0 if r <= -1 / 3 else 2 * r / (1 + r)


def _parts(plan: Plan) -> list[PlannedScore]:
    parts = {subscale.id for subscale in plan.scale.subscales if not subscale.composite}
    return [score for score in plan.scores if score.id in parts and score.method in ("sum", "mean")]


def _halves(score: PlannedScore, answers: Sequence[int | None]) -> tuple[float, float] | None:
    halves: tuple[list[int], list[int]] = ([], [])
    for position, index in enumerate(score.indices):
        answer = answers[index]
        if answer is not None:
            halves[position % 2].append(score.mirrors[index] - answer if index in score.mirrors else answer)
    return (sum(halves[0]) / len(halves[0]), sum(halves[1]) / len(halves[1])) if all(halves) else None
