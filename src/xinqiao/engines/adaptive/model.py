"""Item parameters, the rule that ends a sitting, and what is known when it ends: frozen values."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xinqiao.engines.scoring import Scale
from xinqiao.engines.scoring.model import Comparison

Floats = NDArray[np.float64]
Reason = Literal["", "certain", "decided", "precise", "most", "all"]


class CannotAdapt(ValueError):
    """A scale, or its parameters, that cannot be shortened. `code` says why, `detail` which item or score.

    Codes: `no_such_score`, `not_summed`, `branched`, `no_parameters`, `unknown_item`, `same_item`, `threshold_count`,
    `not_ascending`, `slope`, `no_cut`, `cut_out_of_reach`, `rule`.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail


class NotAsAsked(ValueError):
    """Answers that this way of asking cannot have brought about. `item`: the first that is missing or too much."""

    def __init__(self, item: int) -> None:
        super().__init__(f"item {item}")
        self.item = item


@dataclass(frozen=True, slots=True)
class ItemParameters:
    """One item of the graded response model (Samejima 1969), in the direction of the score (reversed items turned).

    The chance of category k or more at theta is 1 / (1 + exp(-slope (theta - thresholds[k - 1]))).
    """

    number: int
    slope: float
    thresholds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """When to stop. `missed_at_most`: with a no once the chance that the full scale would say yes is no larger;
    `false_at_most`: with a yes once the chance that it would say no is no larger. `precision` beside them: and not
    before the posterior's standard deviation is no larger, too. `precision` without them ends on it alone, and is for
    simulations: it misses a good part of those whom the full scale finds (bench/README.md). None: no reason.

    `lead` questions come before the critical ones, so that nobody begins with them; nothing stops before `fewest`.
    """

    missed_at_most: float | None
    false_at_most: float | None
    precision: float | None
    lead: int
    fewest: int
    most: int | None = None

    @property
    def decides(self) -> bool:
        """Does it end by the decision at all?"""
        return self.missed_at_most is not None or self.false_at_most is not None


@dataclass(frozen=True, slots=True)
class Chance:
    """A band of the full scale, and how likely its score lies there."""

    code: str
    chance: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the answers so far say of the full scale. All of it is the model's word, unless `is_exact`.

    `score` and its interval are in the unit of the scale's score; `reaches` is the decision, `chance` how sure it is.
    """

    theta: float
    sd: float
    score: float
    low: float
    high: float
    reaches: bool
    chance: float
    bands: tuple[Chance, ...]
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Which item comes next; None when it is enough, and `stopped_by` says why."""

    item: int | None
    stopped_by: Reason = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sitting that is over: the items in the order in which they were asked, why it ended, and what is known."""

    asked: tuple[int, ...]
    stopped_by: Reason
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Walk:
    """The way of a sheet through the questions: each in the order in which it was asked, with its code, None where it
    was passed over; and why it ended."""

    path: dict[int, int | None]
    stopped_by: Reason

    @property
    def answers(self) -> dict[int, int]:
        """What was answered, in order."""
        return {number: code for number, code in self.path.items() if code is not None}

    @property
    def passed_over(self) -> tuple[int, ...]:
        """What was asked and not answered, in order."""
        return tuple(number for number, code in self.path.items() if code is None)


@dataclass(frozen=True, slots=True)
class Curves:
    """One item on the grid: the chance of each category, the information, and the points of each answer code."""

    number: int
    slope: float
    reached: tuple[tuple[int, ...], ...]  # [thresholds][grid] chance of that category or more, in quanta
    chances: Floats  # [categories, grid]
    information: Floats  # [grid]
    category_of: dict[int, int]  # by answer code
    spans: tuple[int, ...]  # points of each category above the item's lowest


@dataclass(frozen=True, slots=True)
class Design:
    """A scale made ready for asking: see `design_of`. Points count from the lowest score that there is."""

    scale: Scale
    decision: Comparison
    rule: Rule
    grid: Floats
    prior: Floats
    curves: dict[int, Curves]  # the items that make the score, by number
    information: Floats  # [items, grid] in the order of `curves`
    always: tuple[int, ...]
    highest: int  # points
    cut: int  # from this many points on the decision is the one that many points have
    low_side: bool  # whether the decision's comparison holds below the cut (instead of from it on)
    scores: tuple[float, ...]  # the score of each number of points

    @property
    def items(self) -> tuple[int, ...]:
        """Every item that may be asked, ascending."""
        return tuple(sorted({*self.curves, *self.always}))
