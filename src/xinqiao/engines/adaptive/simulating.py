"""What shortening would save and what it would cost, tried on pupils who do not exist.

Whoever is simulated answers the full scale; the shorter form looks at what it would ask for; both are compared.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xinqiao.engines.adaptive.asking import ask_all
from xinqiao.engines.adaptive.model import Design, Floats, ItemParameters, Outcome, Reason
from xinqiao.engines.scoring import Scale

Sheet = dict[int, int]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who answers. `second_factor`: share of the trait's variance that every second item takes from another trait that
    the model knows nothing of; `careless`: share of pupils who tick at random."""

    pupils: int
    seed: int
    second_factor: float = 0.0
    careless: float = 0.0


@dataclass(frozen=True, slots=True)
class Savings:
    """The shorter form against the full scale. `missed`: share of those whom the full scale finds, and it does not."""

    pupils: int
    items_full: int
    items_mean: float
    saved: float
    agreement: float
    kappa: float
    reached_full: float
    missed: float
    score_error: float  # root of the mean squared difference of the estimated and the full score
    within_interval: float  # share of the full scores that lie in the stated interval
    all_asked: float  # share of pupils who were asked every critical and validity item
    stopped_by: dict[Reason, int]


def answers_of(scale: Scale, parameters: Sequence[ItemParameters], crowd: Crowd) -> list[Sheet]:
    """Full answer sheets of a crowd; items without parameters (a lie scale's) get their lowest answer."""
    rng = np.random.default_rng(crowd.seed)
    trait, other = rng.standard_normal(crowd.pupils), rng.standard_normal(crowd.pupils)
    mixed = np.sqrt(1 - crowd.second_factor) * trait + np.sqrt(crowd.second_factor) * other
    is_careless = rng.random(crowd.pupils) < crowd.careless
    sheets: list[Sheet] = [{item.number: item.codes[0] for item in scale.items} for _ in range(crowd.pupils)]
    for at, each in enumerate(sorted(parameters, key=lambda one: one.number)):
        item = scale.items[each.number - 1]
        drawn = _categories(each, mixed if at % 2 else trait, rng.random(crowd.pupils))
        drawn = np.where(is_careless, rng.integers(0, len(item.codes), crowd.pupils), drawn)
        codes = item.codes[::-1] if item.reversed else item.codes
        for sheet, category in zip(sheets, drawn.tolist(), strict=True):
            sheet[each.number] = codes[category]
    return sheets


def _categories(item: ItemParameters, trait: Floats, luck: Floats) -> Floats:
    above = 1 / (1 + np.exp(-item.slope * (trait[:, None] - np.array(item.thresholds)[None, :])))
    return np.asarray((luck[:, None] < above).sum(axis=1))


def savings_of(design: Design, sheets: Sequence[Sheet]) -> Savings:
    """Put the shorter form to each sheet and compare."""
    return compared(design, sheets, [ask_all(design, sheet) for sheet in sheets])


def compared(design: Design, sheets: Sequence[Sheet], outcomes: Sequence[Outcome]) -> Savings:
    """Compare what the shorter form found with what the full sheets say."""
    full = np.array([_full_score(design, sheet) for sheet in sheets])
    truth = np.array([design.decision.holds(score) for score in full])
    found = np.array([each.estimate.reaches for each in outcomes])
    score = np.array([each.estimate.score for each in outcomes])
    inside = [each.estimate.low <= told <= each.estimate.high for each, told in zip(outcomes, full, strict=True)]
    asked = np.array([len(each.asked) for each in outcomes])
    return Savings(
        pupils=len(sheets), items_full=len(design.items), items_mean=float(asked.mean()),
        saved=1 - float(asked.mean()) / len(design.items), agreement=float((truth == found).mean()),
        kappa=_kappa(truth, found), reached_full=float(truth.mean()),
        missed=float((truth & ~found).sum() / truth.sum()) if truth.any() else 0.0,
        score_error=float(np.sqrt(np.square(score - full).mean())), within_interval=float(np.mean(inside)),
        all_asked=float(np.mean([set(design.always) <= set(each.asked) for each in outcomes])),
        stopped_by=dict(Counter(each.stopped_by for each in outcomes)),
    )  # fmt: skip


def _full_score(design: Design, sheet: Sheet) -> float:
    points = sum(curves.spans[curves.category_of[sheet[number]]] for number, curves in design.curves.items())
    return design.scores[points]


def _kappa(truth: Floats, found: Floats) -> float:
    """Cohen 1960; 1 where both say the same of everybody."""
    agreed, one, other = float((truth == found).mean()), float(truth.mean()), float(found.mean())
    by_chance = one * other + (1 - one) * (1 - other)
    return (agreed - by_chance) / (1 - by_chance) if by_chance < 1 else 1.0
