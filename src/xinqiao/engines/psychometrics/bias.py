"""Whether items work otherwise in one group than in another at the same score: differential item functioning.

Ordinal logistic regression (Zumbo 1999, A Handbook on the Theory and Methods of Differential Item Functioning): an
answer is told from the score, then from score, group and both together. What the group adds to Nagelkerke's R squared
(Nagelkerke 1991, Biometrika 78:691-692) is the effect; its classes are those of Jodoin & Gierl 2001, Appl Meas Educ
14:329-349. An item counts as biased only where the effect is above negligible and is no chance result.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import chi2

from xinqiao.engines.psychometrics.covariance import Matrix
from xinqiao.engines.psychometrics.ordinal import OrdinalFit, fit_ordinal, null_log_likelihood
from xinqiao.engines.psychometrics.table import ItemTable

MODERATE, LARGE = 0.035, 0.070  # Jodoin & Gierl 2001
SIGNIFICANCE = 0.05  # the same
FEWEST_ITEMS = 4  # ours: the score must be more than the item itself
FEWEST_ANCHORS = 3  # ours: of fewer items no score is made
MOST_ROUNDS = 10

Size = Literal["negligible", "moderate", "large"]


@dataclass(frozen=True, slots=True)
class ItemBias:
    """One item. `effect` is what the group adds to R squared, `uniform` of it what it adds alike at every score.

    `chance`: of so large an addition where there is none. `highest` names the group that answers higher than its
    score tells. None where the regression found no answer.
    """

    item: str
    effect: float | None
    uniform: float | None
    chance: float | None
    highest: str
    size: Size | None


@dataclass(frozen=True, slots=True)
class Bias:
    """All items of a score. `rounds`: how often the score was made anew without biased items; `is_stable`: whether
    that came to rest with enough items left.
    """

    groups: tuple[tuple[str, int], ...]
    items: tuple[ItemBias, ...]
    rounds: int
    is_stable: bool


def bias_of(table: ItemTable, groups: Sequence[str]) -> Bias | None:
    """Return how the items of complete sheets work across groups (one name a sheet); None for fewer than two groups
    or four items that vary.

    The score is the sum of the items that are not biased and of the item looked at, made anew until the same items
    stay out (purification).
    """
    whole = table.varying
    complete = ~np.isnan(whole.answers).any(axis=1)
    answers, of_sheet = whole.answers[complete], np.asarray(groups, dtype=object)[complete]
    names = sorted(set(of_sheet))
    if len(names) < 2 or len(whole.items) < FEWEST_ITEMS:
        return None
    member = np.stack([of_sheet == name for name in names[1:]], axis=1).astype(np.float64)
    anchors, rounds, is_stable = frozenset(range(len(whole.items))), 0, False
    while True:
        items = [_item_bias(answers, at, anchors, member, names, whole.items[at]) for at in range(len(whole.items))]
        clean = frozenset(at for at, item in enumerate(items) if item.size in ("negligible", None))
        is_stable = clean == anchors
        if is_stable or len(clean) < FEWEST_ANCHORS or rounds == MOST_ROUNDS:
            break
        anchors, rounds = clean, rounds + 1
    counts = tuple((str(name), int((of_sheet == name).sum())) for name in names)
    return Bias(counts, tuple(items), rounds, is_stable)


def _item_bias(
    answers: Matrix, at: int, anchors: frozenset[int], member: Matrix, names: Sequence[str], item: str
) -> ItemBias:
    score = answers[:, sorted(anchors | {at})].sum(axis=1)
    designs = [
        score[:, None],
        np.column_stack([score, member]),
        np.column_stack([score, member, member * score[:, None]]),
    ]
    counted = [_cells(design, answers[:, at]) for design in designs]
    fits = [fit_ordinal(*cells) for cells in counted]
    if any(fit is None for fit in fits):
        return ItemBias(item, None, None, None, "", None)
    found = [fit for fit in fits if fit]
    nothing, sheets = null_log_likelihood(counted[0][1]), len(answers)
    alone, alike, whole = (_r_squared(nothing, fit.log_likelihood, sheets) for fit in found)
    gain = 2 * (found[2].log_likelihood - found[0].log_likelihood)
    chance = float(chi2.sf(max(gain, 0.0), 2 * member.shape[1]))
    return ItemBias(item, whole - alone, alike - alone, chance, _highest(found[1], names), _size(whole - alone, chance))


def _cells(design: Matrix, answers: Matrix) -> tuple[Matrix, Matrix]:
    """Sheets that look alike counted together: rows of the design, and how often each answer was given there."""
    rows, which = np.unique(design, axis=0, return_inverse=True)
    codes, given = np.unique(answers, return_inverse=True)
    counts = np.zeros((len(rows), len(codes)))
    np.add.at(counts, (which.ravel(), given.ravel()), 1.0)
    return rows, counts


def _r_squared(nothing: float, fitted: float, sheets: int) -> float:
    """Nagelkerke's R squared of a fit over the thresholds alone."""
    told = -np.expm1(2 / sheets * (nothing - fitted))
    return float(told / -np.expm1(2 / sheets * nothing))


def _highest(fit: OrdinalFit, names: Sequence[str]) -> str:
    shifts = np.concatenate([[0.0], fit.slopes[1:]])
    return str(names[int(shifts.argmax())])


def _size(effect: float, chance: float) -> Size:
    if chance >= SIGNIFICANCE or effect < MODERATE:
        return "negligible"
    return "moderate" if effect < LARGE else "large"
