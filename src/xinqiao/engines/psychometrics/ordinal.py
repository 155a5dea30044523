"""Ordinal regression with proportional odds (McCullagh 1980, J R Stat Soc B 42:109-142), on counted cells."""

from dataclasses import dataclass

import numpy as np

from xinqiao.engines.psychometrics.covariance import Matrix

MOST_STEPS, HALVINGS, CLOSE = 100, 30, 1e-10


@dataclass(frozen=True, slots=True)
class OrdinalFit:
    """Log-likelihood, and one slope a column of the design: above zero it makes higher categories likelier."""

    log_likelihood: float
    slopes: Matrix


def fit_ordinal(design: Matrix, counts: Matrix) -> OrdinalFit | None:
    """Fit cells [cells, columns] with `counts` [cells, categories], each category seen; None without convergence.

    Fisher scoring; a step that gains nothing or disorders the thresholds is halved.
    """
    spread = design.std(axis=0)
    if (spread == 0).any() or counts.shape[1] < 2:
        return None
    scaled = (design - design.mean(axis=0)) / spread
    at = np.concatenate([_marginal_thresholds(counts), np.zeros(design.shape[1])])
    now = _log_likelihood(at, scaled, counts)
    for _step in range(MOST_STEPS):
        direction = _direction(at, scaled, counts)
        if direction is None:
            return None
        at, after = _stepped(at, now, direction, scaled, counts)
        if after - now < CLOSE:
            return OrdinalFit(after, at[counts.shape[1] - 1 :] / spread)
        now = after
    return None


def null_log_likelihood(counts: Matrix) -> float:
    """Log-likelihood of thresholds alone: the shares of the categories."""
    totals = counts.sum(axis=0)
    return float((totals * np.log(totals / totals.sum())).sum())


def _marginal_thresholds(counts: Matrix) -> Matrix:
    below = np.cumsum(counts.sum(axis=0))[:-1] / counts.sum()
    thresholds: Matrix = np.log(below / (1 - below))
    return thresholds


def _chances(at: Matrix, design: Matrix, categories: int) -> tuple[Matrix, Matrix]:
    """Chance of each category in each cell, and the slope of each threshold's curve, zero beyond both ends."""
    thresholds, slopes = at[: categories - 1], at[categories - 1 :]
    below = 1 / (1 + np.exp(-np.clip(thresholds[None, :] - (design @ slopes)[:, None], -500, 500)))
    edged = np.pad(below, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1)))
    return np.diff(edged, axis=1), np.pad(below * (1 - below), ((0, 0), (1, 1)))


def _log_likelihood(at: Matrix, design: Matrix, counts: Matrix) -> float:
    chances, _ = _chances(at, design, counts.shape[1])
    seen = counts > 0
    if (chances[seen] <= 0).any():
        return -np.inf
    return float((counts[seen] * np.log(chances[seen])).sum())


def _direction(at: Matrix, design: Matrix, counts: Matrix) -> Matrix | None:
    """The step of Fisher scoring: the expected information turned on the gradient."""
    categories = counts.shape[1]
    chances, steep = _chances(at, design, categories)
    by_threshold = np.zeros((*counts.shape, categories - 1))
    for place in range(categories - 1):
        by_threshold[:, place, place] = steep[:, place + 1]
        by_threshold[:, place + 1, place] = -steep[:, place + 1]
    by_slope = -np.diff(steep, axis=1)[:, :, None] * design[:, None, :]
    change = np.concatenate([by_threshold, by_slope], axis=2)
    weight = 1 / np.maximum(chances, 1e-300)
    gradient = np.einsum("ck,ckp->p", counts * weight, change)
    information = np.einsum("ck,ckp,ckq->pq", counts.sum(axis=1)[:, None] * weight, change, change)
    try:
        found: Matrix = np.linalg.solve(information, gradient)
    except np.linalg.LinAlgError:
        return None
    return found if np.isfinite(found).all() else None


def _stepped(at: Matrix, now: float, direction: Matrix, design: Matrix, counts: Matrix) -> tuple[Matrix, float]:
    """The place after a step that does not lose, and its log-likelihood; the same place where none is found."""
    thresholds = counts.shape[1] - 1
    for halving in range(HALVINGS):
        later = at + direction / 2**halving
        if (np.diff(later[:thresholds]) > 0).all():
            value = _log_likelihood(later, design, counts)
            if value >= now:
                return later, value
    return at, now
