"""How scores lie: mean, deviation, quartiles, and the columns of a histogram."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import floor

import numpy as np

STEPS = (1, 2, 5)  # widths of columns are these times a power of ten


@dataclass(frozen=True, slots=True)
class Spread:
    """Where scores lie. `sd` is that of a sample, None for one score; quartiles are interpolated (R's type 7)."""

    count: int
    mean: float
    sd: float | None
    lowest: float
    lower: float
    median: float
    upper: float
    highest: float


@dataclass(frozen=True, slots=True)
class Column:
    """How many scores lie from `low` up to, not including, `high`."""

    low: float
    high: float
    count: int


def spread_of(scores: Sequence[float]) -> Spread | None:
    """Return how scores lie; None where there are none. Quantiles after Hyndman & Fan 1996, Am Stat 50:361-365."""
    if not scores:
        return None
    values = np.asarray(scores, dtype=np.float64)
    lowest, lower, median, upper, highest = (float(at) for at in np.quantile(values, (0, 0.25, 0.5, 0.75, 1)))
    sd = float(values.std(ddof=1)) if len(values) > 1 else None
    return Spread(len(values), float(values.mean()), sd, lowest, lower, median, upper, highest)


def columns_of(scores: Sequence[float], most: int = 16) -> tuple[Column, ...]:
    """Return at most `most` columns of equal width over all scores; whole-number scores keep whole limits."""
    if not scores:
        return ()
    low, high = min(scores), max(scores)
    width = _width(low, high, most, is_whole=all(float(score).is_integer() for score in scores))
    first = floor(low / width + _SLACK)
    counts = [0] * (floor(high / width + _SLACK) - first + 1)
    for score in scores:
        counts[floor(score / width + _SLACK) - first] += 1
    return tuple(Column((first + at) * width, (first + at + 1) * width, many) for at, many in enumerate(counts))


_SLACK = 1e-9  # a score that is a limit in decimals belongs to the column that begins there


def _width(low: float, high: float, most: int, *, is_whole: bool) -> float:
    """Return the smallest width of 1, 2 or 5 times a power of ten that needs no more columns than `most`."""
    for power in count(0 if is_whole else -3):
        for step in STEPS:
            width = step * 10.0**power
            if floor(high / width + _SLACK) - floor(low / width + _SLACK) < most:
                return width
    raise AssertionError("unreachable: the widths grow without end")
