"""How reliable a sum of items is: Cronbach's alpha, McDonald's omega, their intervals, and the error of measurement."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import f as f_distribution
from scipy.stats import norm

from xinqiao.engines.psychometrics.covariance import Matrix, correlation_from
from xinqiao.engines.psychometrics.one_factor import fit_one_factor, omega_standard_error
from xinqiao.engines.psychometrics.table import ItemTable

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its two-sided confidence interval; the ends are None where they cannot be had."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Figures of one scale. `sheets` answered at least one item, `complete` answered all; constant items are left out.

    `sem` is in units of the sum: its standard deviation times the root of 1 - alpha.
    """

    sheets: int
    complete: int
    items: int
    alpha: Interval | None
    alpha_standardized: float | None
    alpha_of_all_items: float | None  # constant items counted as items: what programs say that keep them
    omega: Interval | None
    omega_is_improper: bool
    total_sd: float | None
    sem: float | None


def reliability_of(table: ItemTable, *, confidence: float = CONFIDENCE) -> Reliability:
    """Compute the figures of a table; None wherever too few items or sheets vary."""
    varying = table.varying
    sheets = int((~np.isnan(table.answers)).any(axis=1).sum())
    complete = int((~np.isnan(varying.answers)).all(axis=1).sum()) if varying.items else 0
    covariance = varying.covariance
    alpha = alpha_from(covariance)
    omega, is_improper = _omega(covariance, complete, confidence)
    spread = float(np.sqrt(covariance.sum())) if alpha is not None else None
    return Reliability(
        sheets=sheets, complete=complete, items=len(varying.items),
        alpha=_alpha_interval(alpha, sheets, len(varying.items), confidence),
        alpha_standardized=None if alpha is None else alpha_from(correlation_from(covariance)),
        alpha_of_all_items=alpha_from(table.covariance),
        omega=omega, omega_is_improper=is_improper, total_sd=spread,
        sem=None if alpha is None or spread is None or alpha > 1 else spread * float(np.sqrt(1 - alpha)),
    )  # fmt: skip


def alpha_from(covariance: Matrix) -> float | None:
    """Cronbach's alpha of a covariance matrix (Cronbach 1951, Psychometrika 16:297-334); None below two items."""
    size = len(covariance)
    if size < 2 or np.isnan(covariance).any():
        return None
    total = float(covariance.sum())
    return size / (size - 1) * (1 - float(np.trace(covariance)) / total) if total > 0 else None


def _alpha_interval(alpha: float | None, sheets: int, items: int, confidence: float) -> Interval | None:
    """Feldt 1965, Psychometrika 30:357-370: (1 - alpha) follows an F distribution."""
    if alpha is None:
        return None
    free, free_items = sheets - 1, (sheets - 1) * (items - 1)
    if free < 1:
        return Interval(alpha)
    tail = (1 - confidence) / 2
    low = 1 - (1 - alpha) * float(f_distribution.ppf(1 - tail, free, free_items))
    high = 1 - (1 - alpha) * float(f_distribution.ppf(tail, free, free_items))
    return Interval(alpha, low, high)


def _omega(covariance: Matrix, complete: int, confidence: float) -> tuple[Interval | None, bool]:
    """Omega of one factor; the interval on the scale of the logit, so that its ends stay between 0 and 1."""
    fit = fit_one_factor(covariance)
    if fit is None:
        return None, False
    omega = fit.omega()
    error = omega_standard_error(fit, complete) if complete > len(covariance) else None
    if error is None or not 0 < omega < 1:
        return Interval(omega), fit.is_improper
    reach = float(norm.ppf((1 + confidence) / 2)) * error / (omega * (1 - omega))
    middle = np.log(omega / (1 - omega))
    low, high = (float(1 / (1 + np.exp(-(middle + side * reach)))) for side in (-1, 1))
    return Interval(omega, low, high), fit.is_improper
