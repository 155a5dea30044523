"""Whether a pupil's change between two waves is more than the scale's own error."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from xinqiao.engines.psychometrics.table import ItemTable

RELIABLE = 1.96  # two-sided 5 % of a normal distribution: Jacobson & Truax 1991, J Consult Clin Psychol 59:12-19
Direction = Literal["higher", "lower", "within_error"]


@dataclass(frozen=True, slots=True)
class Change:
    """Sum of the first and second wave, and the reliable change index: their difference over its standard error."""

    id: str
    first: float
    second: float
    rci: float
    direction: Direction


def reliable_changes(first: ItemTable, second: ItemTable, *, sem: float) -> tuple[Change, ...]:
    """Changes of those with both sheets complete; `sem` is in units of the sum. Items must be the same in both.

    Raises ValueError where `sem` is not above zero or the items differ.
    """
    if not sem > 0 or first.items != second.items:
        raise ValueError("reliable change needs an error above zero and the same items twice")
    of_second = dict(zip(second.ids, second.answers.sum(axis=1), strict=True))
    error = float(np.sqrt(2)) * sem
    found = []
    for name, total in zip(first.ids, first.answers.sum(axis=1), strict=True):
        later = of_second.get(name)
        if later is None or np.isnan(total) or np.isnan(later):
            continue
        index = float(later - total) / error
        found.append(Change(name, float(total), float(later), index, _direction(index)))
    return tuple(found)


def _direction(index: float) -> Direction:
    if abs(index) < RELIABLE:
        return "within_error"
    return "higher" if index > 0 else "lower"
