"""Invented item parameters for the shipped scales: no study's, only of a plausible size."""

from collections.abc import Collection, Mapping

import numpy as np

from xinqiao.engines.adaptive import Design, ItemParameters, Rule, decision_of, design_of, next_step
from xinqiao.engines.scoring import Scale
from xinqiao.engines.tests.scoring_samples import pack

RULE = Rule(missed_at_most=0.01, false_at_most=0.05, precision=None, lead=2, fewest=4)


def invented(scale: Scale, subscale: str, seed: int = 3) -> list[ItemParameters]:
    rng = np.random.default_rng(seed)
    found = []
    for number in sorted(scale.subscale(subscale).items):
        steps = len(scale.items[number - 1].codes) - 1
        first = rng.uniform(0.0, 1.6) if steps == 1 else rng.uniform(-0.2, 1.0)
        slope = float(np.clip(rng.lognormal(0.35, 0.25), 0.8, 2.8))
        found.append(ItemParameters(number, slope, tuple(float(first + 0.75 * step) for step in range(steps))))
    return found


def design(scale_id: str, rule: Rule = RULE, subscale: str | None = None) -> Design:
    scale = pack(scale_id)
    decision = decision_of(scale, subscale)
    return design_of(scale, invented(scale, decision.subscale), rule, decision)


def path_of(made: Design, sheet: Mapping[int, int], passed_over: Collection[int] = ()) -> dict[int, int | None]:
    """The way through the questions of somebody who would answer so, and leaves some without an answer."""
    path: dict[int, int | None] = {}
    while (step := next_step(made, path)).item is not None:
        path[step.item] = None if step.item in passed_over else sheet[step.item]
    return path
