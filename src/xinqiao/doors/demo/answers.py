"""Invented answers: each pupil has a burden, and each answer follows it, so that scales agree with each other."""

import random
from collections.abc import Sequence

from xinqiao.engines.scoring import Plan, Scale

SECONDS_AN_ITEM = (18, 90)  # deciseconds: a pupil who reads


def burden_of(draw: random.Random) -> float:
    """Return 0 (light) to 1 (heavy); about one pupil in eight carries a heavy one."""
    return draw.uniform(0.4, 0.85) if draw.random() < 0.12 else draw.betavariate(1.2, 9)


def answers_to(scale: Scale, burden: float, draw: random.Random, *, critical: bool) -> list[int]:
    """Return one sheet of codes; a critical item is answered only where `critical` says so."""
    codes = []
    guarded = {rule.item for rule in scale.critical}
    for item in scale.items:
        low, high = min(option.code for option in item.options), max(option.code for option in item.options)
        if item.number in guarded:
            codes.append(low + 1 if critical else low)
            continue
        leaning = low + round((high - low) * min(1.0, max(0.0, draw.gauss(burden, 0.14))))
        codes.append(high + low - leaning if item.reversed else leaning)
    return codes


def seconds_for(plan: Plan, draw: random.Random) -> Sequence[int]:
    """Return deciseconds per item."""
    return [draw.randint(*SECONDS_AN_ITEM) for _ in range(plan.item_count)]
