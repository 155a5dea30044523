"""Item parameters from a table of answers: the graded response model by marginal maximum likelihood.

The EM algorithm of Bock & Aitkin (1981) over a normal population; each item's part of the M step is Fisher's scoring.
Errors come from the cross-product of the sheets' gradients. Numpy only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xinqiao.engines.adaptive.model import Floats

Ints = NDArray[np.int64]
QUADRATURE_REACH, QUADRATURE_POINTS = 6.0, 61
MOST_CYCLES = 1_000
TOLERANCE = 1e-5  # largest change of a parameter in the last cycle
SCORING_STEPS = 3  # within a cycle
LEAST_GAP = 1e-6  # between neighbouring thresholds, in logits
LEAST_CHANCE = 1e-300
FARTHEST_LOGIT = 600.0
STEEPEST = 10.0  # a slope beyond it is no item's: two items repeat each other and the search runs away


class CannotCalibrate(ValueError):
    """A table from which no parameters can be had. `code` says why, `item` and `detail` where.

    Codes: `rare_category` (detail: the category and how many chose it), `runaway` (an item that another repeats),
    `singular`.
    """

    def __init__(self, code: str, item: str = "", detail: str = "") -> None:
        super().__init__(" ".join(part for part in (code, item, detail) if part))
        self.code, self.item, self.detail = code, item, detail


@dataclass(frozen=True, slots=True)
class Calibrated:
    """One item: its slope and thresholds with their standard errors."""

    item: str
    slope: float
    slope_se: float
    thresholds: tuple[float, ...]
    threshold_ses: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Parameters of a table, and how the search for them ended. `posterior` [sheets, grid] is for judging the fit."""

    items: tuple[Calibrated, ...]
    sheets: int
    log_likelihood: float
    free_parameters: int
    cycles: int
    last_change: float
    steepness: float  # largest slope of the log-likelihood at the end, a sheet
    converged: bool
    grid: Floats
    posterior: Floats


def calibrate(answers: Ints, names: tuple[str, ...], categories: tuple[int, ...], *, fewest_a_category: int
              ) -> Calibration:  # fmt: skip
    """Fit categories 0, 1, … in the direction of the score, -1 where missing. Raises CannotCalibrate."""
    _refuse_rare(answers, names, categories, fewest_a_category)
    grid = np.linspace(-QUADRATURE_REACH, QUADRATURE_REACH, QUADRATURE_POINTS)
    prior = np.exp(-(grid**2) / 2)
    prior /= prior.sum()
    chosen = _indicators(answers, categories)
    ends = np.cumsum((0, *categories))
    found = [_first_guess(answers[:, at], count) for at, count in enumerate(categories)]
    cycle, change = 0, np.inf
    while cycle < MOST_CYCLES and change >= TOLERANCE:
        cycle += 1
        posterior, _ = _expect(chosen, found, grid, prior)
        counts = chosen.T @ posterior
        better = [_scored(one, counts[ends[at] : ends[at + 1]], grid) for at, one in enumerate(found)]
        change = max(float(np.abs(new - old).max()) for new, old in zip(better, found, strict=True))
        found = better
        _refuse_runaway(found, names)
    return _finished(found, (chosen, grid, prior), names, cycle, change)


def _refuse_rare(answers: Ints, names: tuple[str, ...], categories: tuple[int, ...], fewest: int) -> None:
    for at, name in enumerate(names):
        for category in range(categories[at]):
            times = int((answers[:, at] == category).sum())
            if times < fewest:
                raise CannotCalibrate("rare_category", name, f"{category}:{times}")


def _refuse_runaway(found: list[Floats], names: tuple[str, ...]) -> None:
    for name, one in zip(names, found, strict=True):
        if abs(one[0]) > STEEPEST:
            raise CannotCalibrate("runaway", name)


def _indicators(answers: Ints, categories: tuple[int, ...]) -> Floats:
    """1 where a sheet chose a category; [sheets, all categories of all items]."""
    parts = [answers[:, at : at + 1] == np.arange(count)[None, :] for at, count in enumerate(categories)]
    return np.concatenate(parts, axis=1).astype(np.float64)


def _first_guess(column: Ints, categories: int) -> Floats:
    """Slope 1, and intercepts at the logits of the shares that reach each category."""
    given = column[column >= 0]
    shares = np.array([(given >= category).mean() for category in range(1, categories)])
    return np.concatenate([[1.0], np.log(shares / (1 - shares)) * 1.2])


def category_chances(parameters: Floats, grid: Floats) -> tuple[Floats, Floats]:
    """Chances of the categories [categories, grid], and of reaching each with both ends [categories + 1, grid]."""
    logits = np.clip(parameters[0] * grid[None, :] + parameters[1:, None], -FARTHEST_LOGIT, FARTHEST_LOGIT)
    above = 1 / (1 + np.exp(-logits))
    reached = np.concatenate([np.ones((1, len(grid))), above, np.zeros((1, len(grid)))])
    return np.maximum(reached[:-1] - reached[1:], LEAST_CHANCE), reached


def _expect(chosen: Floats, found: list[Floats], grid: Floats, prior: Floats) -> tuple[Floats, float]:
    """The posterior of each sheet on the grid, and the log-likelihood of all."""
    logs = np.log(np.concatenate([category_chances(one, grid)[0] for one in found]))
    joint = chosen @ logs + np.log(prior)
    top = joint.max(axis=1, keepdims=True)
    weights = np.exp(joint - top)
    total = weights.sum(axis=1, keepdims=True)
    return weights / total, float((np.log(total) + top).sum())


def _derivatives(parameters: Floats, grid: Floats) -> tuple[Floats, Floats]:
    """Category chances, and their derivatives by slope and intercepts: [parameters, categories, grid]."""
    chances, reached = category_chances(parameters, grid)
    steep = reached * (1 - reached)
    by = np.zeros((len(parameters), *chances.shape))
    by[0] = grid * (steep[:-1] - steep[1:])
    for step in range(1, len(parameters)):
        by[step, step] = steep[step]
        by[step, step - 1] = -steep[step]
    return chances, by


def _scored(parameters: Floats, counts: Floats, grid: Floats) -> Floats:
    """A few steps of Fisher's scoring up the expected log-likelihood of one item; steps that would fall are halved."""
    people = counts.sum(axis=0)
    value = _expected(parameters, counts, grid)
    for _step in range(SCORING_STEPS):
        chances, by = _derivatives(parameters, grid)
        slope = (by * (counts / chances)).sum(axis=(1, 2))
        information = np.einsum("icq,jcq->ij", by * (people / chances), by)
        try:
            step = np.linalg.solve(information, slope)
        except np.linalg.LinAlgError as error:
            raise CannotCalibrate("singular") from error
        parameters, value, moved = _climbed(parameters, step, value, counts, grid)
        if moved < TOLERANCE / 10:
            break
    return parameters


def _climbed(
    parameters: Floats, step: Floats, value: float, counts: Floats, grid: Floats
) -> tuple[Floats, float, float]:
    for _halving in range(20):
        tried = parameters + step
        if (np.diff(tried[1:]) < -LEAST_GAP).all():
            reached = _expected(tried, counts, grid)
            if reached >= value:
                return tried, reached, float(np.abs(step).max())
        step = step / 2
    return parameters, value, 0.0


def _expected(parameters: Floats, counts: Floats, grid: Floats) -> float:
    return float((counts * np.log(category_chances(parameters, grid)[0])).sum())


def _finished(found: list[Floats], known: tuple[Floats, Floats, Floats], names: tuple[str, ...], cycles: int,
              change: float) -> Calibration:  # fmt: skip
    chosen, grid, prior = known
    posterior, log_likelihood = _expect(chosen, found, grid, prior)
    gradients = _gradients(chosen, found, grid, posterior)
    covariance = _covariance(gradients)
    steepness = float(np.abs(gradients.mean(axis=0)).max())
    at, items = 0, []
    for name, one in zip(names, found, strict=True):
        items.append(_calibrated(name, one, covariance[at : at + len(one), at : at + len(one)]))
        at += len(one)
    return Calibration(
        items=tuple(items), sheets=len(chosen), log_likelihood=log_likelihood, free_parameters=at, cycles=cycles,
        last_change=change, steepness=steepness, converged=change < TOLERANCE, grid=grid, posterior=posterior,
    )  # fmt: skip


def _gradients(chosen: Floats, found: list[Floats], grid: Floats, posterior: Floats) -> Floats:
    """Derivatives of each sheet's log-likelihood by every parameter (Fisher's identity): [sheets, parameters]."""
    parts, at = [], 0
    for one in found:
        chances, by = _derivatives(one, grid)
        own = chosen[:, at : at + len(chances)]
        at += len(chances)
        parts.append(np.einsum("sc,pcq,sq->sp", own, by / chances, posterior, optimize=True))
    return np.concatenate(parts, axis=1)


def _covariance(gradients: Floats) -> Floats:
    try:
        found = np.linalg.inv(gradients.T @ gradients).astype(np.float64)
    except np.linalg.LinAlgError as error:
        raise CannotCalibrate("singular") from error
    if not (np.diag(found) > 0).all():
        raise CannotCalibrate("singular")
    return found


def _calibrated(name: str, one: Floats, covariance: Floats) -> Calibrated:
    """Intercepts turned into thresholds, their errors by the delta method."""
    slope, thresholds = float(one[0]), -one[1:] / one[0]
    ses = []
    for at, threshold in enumerate(thresholds, start=1):
        by = np.zeros(len(one))
        by[0], by[at] = -threshold / slope, -1 / slope
        ses.append(float(np.sqrt(by @ covariance @ by)))
    return Calibrated(name, slope, float(np.sqrt(covariance[0, 0])), tuple(map(float, thresholds)), tuple(ses))
