"""Figures of item tables once more, in plain code that shares nothing with the engines: sums, loops and definitions.

`answers` is a list of rows of numbers without gaps, reversed items turned already.
"""

import math

import numpy as np
from scipy.stats import f as f_distribution

Z = 1.959963984540054


def mean(numbers):
    return sum(numbers) / len(numbers)


def covariance(left, right):
    a, b = mean(left), mean(right)
    return sum((x - a) * (y - b) for x, y in zip(left, right, strict=True)) / (len(left) - 1)


def deviation(numbers):
    return math.sqrt(covariance(numbers, numbers))


def quantile(numbers, share):
    """Between the two neighbours in the order, in proportion."""
    ordered, at = sorted(numbers), share * (len(numbers) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


def columns(answers):
    return [list(column) for column in zip(*answers, strict=True)]


def alpha(answers):
    items, sums = columns(answers), [sum(row) for row in answers]
    inner = sum(covariance(item, item) for item in items)
    return len(items) / (len(items) - 1) * (1 - inner / covariance(sums, sums))


def alpha_interval(answers):
    value, free, items = alpha(answers), len(answers) - 1, len(answers[0]) - 1
    bounds = [f_distribution.isf(tail, free, free * items) for tail in (0.025, 0.975)]
    return [1 - (1 - value) * bound for bound in bounds]


def sem(answers):
    return deviation([sum(row) for row in answers]) * math.sqrt(1 - alpha(answers))


def rest_correlation(answers, at):
    item = [row[at] for row in answers]
    rest = [sum(row) - row[at] for row in answers]
    return covariance(item, rest) / (deviation(item) * deviation(rest))


def without(answers, at):
    return [row[:at] + row[at + 1 :] for row in answers]


def one_factor(answers):
    """Loadings and unique variances by the EM algorithm (Rubin & Thayer 1982), with the covariances over n."""
    return factor_of(np.cov(np.asarray(answers, dtype=float).T, bias=True))


def factor_of(covariances):
    """The same from the covariances."""
    unique = np.diag(covariances) / 2
    loadings = np.sqrt(unique)
    for _step in range(20_000):
        weights = np.linalg.solve(np.outer(loadings, loadings) + np.diag(unique), loadings)
        square = 1 - weights @ loadings + weights @ covariances @ weights
        later = covariances @ weights / square
        unique = np.diag(covariances) - later * (covariances @ weights)
        if np.abs(later - loadings).max() < 1e-12:
            break
        loadings = later
    return later, unique


def omega_of(loadings, unique):
    return loadings.sum() ** 2 / (loadings.sum() ** 2 + unique.sum())


def omega_interval(answers):
    """The delta method with derivatives by small steps, on the logit."""
    loadings, unique = one_factor(answers)
    at, size = np.concatenate([loadings, unique]), len(loadings)

    def implied(values):
        return np.outer(values[:size], values[:size]) + np.diag(values[size:])

    def slope(function, place):
        step = np.zeros(2 * size)
        step[place] = 1e-6
        return (function(at + step) - function(at - step)) / 2e-6

    inverse = np.linalg.inv(implied(at))
    turned = [inverse @ slope(implied, place) for place in range(2 * size)]
    information = len(answers) / 2 * np.array([[np.trace(a @ b) for b in turned] for a in turned])
    gradient = np.array([slope(lambda v: omega_of(v[:size], v[size:]), place) for place in range(2 * size)])
    value = omega_of(loadings, unique)
    reach = Z * math.sqrt(gradient @ np.linalg.solve(information, gradient)) / (value * (1 - value))
    middle = math.log(value / (1 - value))
    return [1 / (1 + math.exp(-(middle + side * reach))) for side in (-1, 1)]
