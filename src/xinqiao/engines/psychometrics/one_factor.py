"""One common factor by maximum likelihood (Jöreskog 1967, Psychometrika 32:443-482), with its information matrix."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from xinqiao.engines.psychometrics.covariance import Matrix, correlation_from

LEAST_UNIQUE = 0.005  # share of an item's variance that stays its own: R's factanal has the same bound
FEWEST_ITEMS = 3  # with two items one factor has more unknowns than there are covariances


@dataclass(frozen=True, slots=True)
class OneFactor:
    """Loadings and unique variances in the items' own units; `is_improper`: a unique variance lies at its bound."""

    loadings: Matrix
    uniquenesses: Matrix
    is_improper: bool

    def omega(self) -> float:
        """Share of the variance of the sum that is the factor's (McDonald 1999, Test Theory, eq. 6.20b)."""
        common = float(self.loadings.sum()) ** 2
        return common / (common + float(self.uniquenesses.sum()))


def fit_one_factor(covariance: Matrix) -> OneFactor | None:
    """Fit one factor; None for fewer than three items, a missing covariance, or no convergence."""
    if len(covariance) < FEWEST_ITEMS or np.isnan(covariance).any():
        return None
    correlation = correlation_from(covariance)
    size = len(correlation)
    start = _first_guess(correlation)
    bounds = [(-1.5, 1.5)] * size + [(LEAST_UNIQUE, 2.0)] * size
    found = minimize(_discrepancy, start, args=(correlation,), jac=True, method="L-BFGS-B", bounds=bounds,
                     options={"maxiter": 5_000, "maxfun": 20_000, "ftol": 1e-15, "gtol": 1e-9})  # fmt: skip
    if not np.isfinite(found.fun):
        return None
    loadings, unique = found.x[:size], found.x[size:]
    deviation = np.sqrt(np.diag(covariance))
    sign = -1.0 if loadings.sum() < 0 else 1.0
    return OneFactor(sign * loadings * deviation, unique * deviation**2, bool((unique <= LEAST_UNIQUE * 1.001).any()))


def _first_guess(correlation: Matrix) -> Matrix:
    values, vectors = np.linalg.eigh(correlation)
    loadings = np.clip(vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.1)), -0.95, 0.95)
    return np.concatenate([loadings, 1 - loadings**2])


def _inverse_with_logdet(loadings: Matrix, unique: Matrix) -> tuple[Matrix, float]:
    """Inverse and log-determinant of loadings loadings' + diag(unique), by Sherman and Morrison."""
    weighted = loadings / unique
    scale = 1 + float(loadings @ weighted)
    return np.diag(1 / unique) - np.outer(weighted, weighted) / scale, float(np.log(unique).sum() + np.log(scale))


def _discrepancy(parameters: Matrix, correlation: Matrix) -> tuple[float, Matrix]:
    size = len(correlation)
    loadings, unique = parameters[:size], parameters[size:]
    inverse, logdet = _inverse_with_logdet(loadings, unique)
    product = inverse @ correlation
    slope = inverse - product @ inverse
    gradient = np.concatenate([2 * slope @ loadings, np.diag(slope)])
    return logdet + float(np.trace(product)), gradient


def omega_standard_error(fit: OneFactor, sheets: int) -> float | None:
    """Standard error of omega by the delta method (Raykov 2002, Multivar Behav Res 37:89-103); normal theory."""
    loadings, unique = fit.loadings, fit.uniquenesses
    inverse, _ = _inverse_with_logdet(loadings, unique)
    turned = inverse @ loadings
    by_loading = np.outer(turned, turned) + inverse * float(loadings @ turned)
    crossed = inverse * turned[None, :]
    information = sheets * np.block([[by_loading, crossed], [crossed.T, inverse**2 / 2]])
    total, noise = float(loadings.sum()), float(unique.sum())
    whole = total**2 + noise
    slope = np.concatenate([np.full(len(loadings), 2 * total * noise), np.full(len(unique), -(total**2))]) / whole**2
    try:
        variance = float(slope @ np.linalg.solve(information, slope))
    except np.linalg.LinAlgError:
        return None
    return float(np.sqrt(variance)) if variance >= 0 else None
