"""What each item contributes."""

from dataclasses import dataclass

import numpy as np

from xinqiao.engines.psychometrics.covariance import Matrix
from xinqiao.engines.psychometrics.reliability import alpha_from
from xinqiao.engines.psychometrics.table import ItemTable


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One item, reversed items turned. `rest_correlation`: with the sum of the others (None: the item is constant)."""

    item: str
    answered: int
    missing: int
    mean: float | None
    sd: float | None
    skewness: float | None
    lowest: float | None
    highest: float | None
    at_lowest: float | None  # share of the answers, 0 to 1
    at_highest: float | None
    rest_correlation: float | None
    alpha_without: float | None
    is_reversed: bool


def item_figures(table: ItemTable) -> tuple[ItemFigures, ...]:
    """Figures of each item in the order of the table; correlations leave constant items out."""
    varying = table.varying
    covariance = varying.covariance
    place = {name: at for at, name in enumerate(varying.items)}
    ends = (np.nanmin(table.answers), np.nanmax(table.answers)) if not np.isnan(table.answers).all() else (0.0, 0.0)
    return tuple(
        _figures(table, at, name, covariance, place.get(name), (float(ends[0]), float(ends[1])))
        for at, name in enumerate(table.items)
    )


def _figures(
    table: ItemTable, at: int, name: str, covariance: Matrix, place: int | None, ends: tuple[float, float]
) -> ItemFigures:
    column = table.answers[:, at]
    given = column[~np.isnan(column)]
    some = len(given) > 0
    return ItemFigures(
        item=name, answered=len(given), missing=len(column) - len(given),
        mean=float(given.mean()) if some else None,
        sd=float(given.std(ddof=1)) if len(given) > 1 else None,
        skewness=_skewness(given),
        lowest=float(given.min()) if some else None, highest=float(given.max()) if some else None,
        at_lowest=float((given == ends[0]).mean()) if some else None,
        at_highest=float((given == ends[1]).mean()) if some else None,
        rest_correlation=None if place is None else _rest_correlation(covariance, place),
        alpha_without=None if place is None else _alpha_without(covariance, place),
        is_reversed=name in table.reversed,
    )  # fmt: skip


def _skewness(given: Matrix) -> float | None:
    """The third moment over the cube of the sample's deviation, as R's psych computes it (its type 3)."""
    if len(given) < 3 or given.std(ddof=1) == 0:
        return None
    moved = given - given.mean()
    return float((moved**3).mean() / given.std(ddof=1) ** 3)


def _rest_correlation(covariance: Matrix, place: int) -> float | None:
    """Correlation of an item with the sum of the others, from the covariances."""
    with_all, own = float(covariance[place].sum()), float(covariance[place, place])
    rest = float(covariance.sum()) - 2 * with_all + own
    if len(covariance) < 2 or not rest > 0 or not own > 0:
        return None
    return (with_all - own) / float(np.sqrt(own * rest))


def _alpha_without(covariance: Matrix, place: int) -> float | None:
    return alpha_from(np.delete(np.delete(covariance, place, axis=0), place, axis=1))
