"""Covariances of a table in which answers may be missing."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def pairwise_covariance(answers: Matrix) -> Matrix:
    """Covariances over the sheets that answered both items, as R's `cov(use = "pairwise")`; NaN below two sheets.

    Shape (items, items). With complete sheets this is the usual sample covariance.
    """
    present = ~np.isnan(answers)
    filled = np.where(present, answers, 0.0)
    weight = present.astype(np.float64)
    both = weight.T @ weight
    with np.errstate(invalid="ignore", divide="ignore"):
        # Centred at the item's own mean first, so that large codes cost no digits.
        centre = filled.sum(axis=0) / weight.sum(axis=0)
        moved = np.where(present, answers - centre, 0.0)
        mean_of_row_item = (moved.T @ weight) / both
        covariance = (moved.T @ moved - both * mean_of_row_item * mean_of_row_item.T) / (both - 1)
    return np.where(both > 1, covariance, np.nan)


def correlation_from(covariance: Matrix) -> Matrix:
    """Correlations of a covariance matrix whose items all vary."""
    deviation = np.sqrt(np.diag(covariance))
    correlation: Matrix = covariance / np.outer(deviation, deviation)
    np.fill_diagonal(correlation, 1.0)
    return correlation
