"""Whether the model may be believed of a table: does each item follow its curve, is there one trait, are items twins?

None of these figures refuses anything by itself. The lines beside which they are held come from the literature and are
arguments; people decide.
"""

from dataclasses import dataclass

import numpy as np

from xinqiao.engines.adaptive.calibrating import Calibration, Ints, category_chances
from xinqiao.engines.adaptive.model import Floats


@dataclass(frozen=True, slots=True)
class ItemFit:
    """Root mean squared distance of an item's observed curve from the model's, over categories and population."""

    item: str
    distance: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items whose answers go together more (or less) than the trait explains; Q3 less its mean over all pairs."""

    first: str
    second: str
    excess: float


@dataclass(frozen=True, slots=True)
class Fit:
    """`first_to_second`: ratio of the two largest eigenvalues of the items' correlations; None where a correlation
    cannot be had. `reliability`: share of the estimates' variance that is the trait's."""

    items: tuple[ItemFit, ...]
    pairs: tuple[Pair, ...]
    first_to_second: float | None
    reliability: float


def fit_of(calibration: Calibration, answers: Ints) -> Fit:
    """Judge a calibration by the table that it came from; pairs in order of how far they lie from the mean."""
    names = tuple(each.item for each in calibration.items)
    curves = [_curve(calibration, at) for at in range(len(names))]
    eap = calibration.posterior @ calibration.grid
    variance = calibration.posterior @ np.square(calibration.grid) - eap**2
    items = tuple(ItemFit(name, _distance(calibration, answers[:, at], curves[at])) for at, name in enumerate(names))
    return Fit(items=items, pairs=_pairs(names, answers, curves, calibration), reliability=_share(eap, variance),
               first_to_second=_eigenvalue_ratio(answers))  # fmt: skip


def _curve(calibration: Calibration, at: int) -> Floats:
    one = calibration.items[at]
    intercepts = [-one.slope * threshold for threshold in one.thresholds]
    return category_chances(np.array([one.slope, *intercepts]), calibration.grid)[0]


def _distance(calibration: Calibration, column: Ints, curve: Floats) -> float:
    """RMSD as large surveys report it: expected shares of the categories against the model's, weighted by people."""
    given = column >= 0
    held = calibration.posterior[given]
    people = held.sum(axis=0)
    chosen = column[given][:, None] == np.arange(len(curve))[None, :]
    observed = (chosen.T.astype(np.float64) @ held) / np.maximum(people, 1e-12)
    weights = people / people.sum()
    return float(np.sqrt((np.square(observed - curve) * weights).sum(axis=1).mean()))


def _pairs(names: tuple[str, ...], answers: Ints, curves: list[Floats], calibration: Calibration) -> tuple[Pair, ...]:
    """Yen 1984: correlations of what the trait leaves unexplained, less their mean (Christensen et al. 2017)."""
    expected = np.stack([np.arange(len(curve)) @ curve for curve in curves])  # [items, grid]
    residuals = np.where(answers >= 0, answers - calibration.posterior @ expected.T, np.nan)
    found = _correlations(residuals)
    upper = np.triu_indices(len(names), 1)
    excess = found[upper] - np.nanmean(found[upper])
    pairs = [
        Pair(names[a], names[b], float(over)) for a, b, over in zip(*upper, excess, strict=True) if np.isfinite(over)
    ]
    return tuple(sorted(pairs, key=lambda pair: -abs(pair.excess)))


def _correlations(values: Floats) -> Floats:
    """Over the sheets that answered both; NaN where one of them does not vary."""
    has = (~np.isnan(values)).astype(np.float64)
    filled = np.where(np.isnan(values), 0.0, values)
    both = np.maximum(has.T @ has, 1)
    one = (filled.T @ has) / both
    covariance = (filled.T @ filled) / both - one * one.T
    squares = (np.square(filled).T @ has) / both - one**2
    spread = np.sqrt(np.where(squares > 0, squares, np.nan))
    return np.asarray(covariance / (spread * spread.T), dtype=np.float64)


def _eigenvalue_ratio(answers: Ints) -> float | None:
    found = _correlations(np.where(answers >= 0, answers, np.nan).astype(np.float64))
    if len(found) < 2 or np.isnan(found).any():
        return None
    values = np.sort(np.linalg.eigvalsh(found))
    return float(values[-1] / values[-2]) if values[-2] > 0 else None


def _share(eap: Floats, variance: Floats) -> float:
    spread = float(eap.var())
    return spread / (spread + float(variance.mean()))
