"""Item bias once more: proportional odds fitted by a general optimizer, from the published formulas alone.

The effect is what the group adds to Nagelkerke's R squared (Zumbo 1999; Nagelkerke 1991, Biometrika 78:691-692), its
classes are those of Jodoin & Gierl 2001, Appl Meas Educ 14:329-349. `test_bias_pages` holds it against R's figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import chi2

MODERATE, LARGE, BY_CHANCE = 0.035, 0.070, 0.05  # SOURCE: Jodoin & Gierl 2001
FEWEST_ANCHORS, MOST_ROUNDS = 3, 10  # ours, engines.psychometrics.bias
Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Item:
    """What the group adds, of it alike at every score, how likely by chance, and the group that answers highest."""

    effect: float
    uniform: float
    chance: float
    highest: str

    @property
    def size(self) -> str:
        """Its class."""
        if self.chance >= BY_CHANCE or self.effect < MODERATE:
            return "negligible"
        return "moderate" if self.effect < LARGE else "large"


def bias(rows: Sequence[Sequence[float]], groups: Sequence[str]) -> tuple[list[Item], int, bool]:
    """Return the items of complete sheets, how often the score was made anew, and whether that came to rest."""
    answers, names = np.array(rows, dtype=float), sorted(set(groups))
    member = np.array([[float(group == name) for name in names[1:]] for group in groups])
    anchors, rounds = set(range(answers.shape[1])), 0
    while True:
        found = [_item(answers, at, anchors, member, names) for at in range(answers.shape[1])]
        clean = {at for at, item in enumerate(found) if item.size == "negligible"}
        if clean == anchors or len(clean) < FEWEST_ANCHORS or rounds == MOST_ROUNDS:
            return found, rounds, clean == anchors
        anchors, rounds = clean, rounds + 1


def _item(answers: Numbers, at: int, anchors: set[int], member: Numbers, names: Sequence[str]) -> Item:
    score = answers[:, sorted(anchors | {at})].sum(axis=1)
    score = ((score - score.mean()) / score.std())[:, None]
    designs = (score[:, :0], score, np.hstack([score, member]), np.hstack([score, member, member * score]))
    (nothing, _), (alone, _), (alike, slopes), (whole, _) = (_fitted(answers[:, at], each) for each in designs)
    most = -np.expm1(2 / len(answers) * nothing)
    r = [-np.expm1(2 / len(answers) * (nothing - fitted)) / most for fitted in (alone, alike, whole)]
    chance = chi2.sf(2 * (whole - alone), 2 * member.shape[1])
    return Item(r[2] - r[0], r[1] - r[0], float(chance), names[int(np.argmax([0.0, *slopes[1:]]))])


def _fitted(answers: Numbers, design: Numbers) -> tuple[float, Numbers]:
    """The greatest log-likelihood of proportional odds and its slopes; thresholds by their gaps: they ascend."""
    codes, place = np.unique(answers, return_inverse=True)
    cells, many = np.unique(np.column_stack([place, design]), axis=0, return_counts=True)
    at, x, last = cells[:, 0].astype(int), cells[:, 1:], len(codes) - 1

    def loss(found: Numbers) -> tuple[float, Numbers]:
        gaps = np.exp(found[1:last])
        ends = np.concatenate([[-np.inf], np.cumsum([found[0], *gaps]), [np.inf]])
        pull = x @ found[last:]
        below, upto = expit(ends[at] - pull), expit(ends[at + 1] - pull)
        share = np.maximum(upto - below, 1e-300)
        rise, fall = many / share * upto * (1 - upto), many / share * below * (1 - below)
        by_end = np.bincount(at + 1, rise, last + 2) - np.bincount(at, fall, last + 2)
        inner = by_end[1:-1]
        turned = np.concatenate([[inner.sum()], gaps * [inner[k:].sum() for k in range(1, last)], -(rise - fall) @ x])
        return -float(many @ np.log(share)), -turned

    found = minimize(loss, np.zeros(last + x.shape[1]), jac=True, method="BFGS", options={"gtol": 1e-8, "maxiter": 999})
    return -float(found.fun), found.x[last:]
