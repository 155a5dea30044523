"""Signs of carelessness in each sheet of a table, for people to weigh: none of them alone makes a sheet void.

On clinical scales long runs, distance and low variability grow with severity itself (Conijn et al. 2019).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from xinqiao.engines.carelessness.indices import FEWEST_PARTS, is_flat, run_lengths, stepped_up
from xinqiao.engines.psychometrics.covariance import Matrix
from xinqiao.engines.psychometrics.table import ItemTable

LEAST_OWN = 1e-10  # share of an item's variance that the items before it do not tell; below, it repeats them


@dataclass(frozen=True, slots=True)
class SheetFigures:
    """One sheet. `longstring` and `irv` read the answers as given, the others with reversed items turned."""

    id: str
    answered: int
    total: float | None  # sum; None where an answer is missing
    longstring: int
    average_string: float | None
    irv: float | None
    mahalanobis: float | None  # squared distance over the items answered
    mahalanobis_p: float | None  # chance of one as large, normal theory
    even_odd: float | None


def sheet_figures(table: ItemTable, parts: Mapping[str, Sequence[str]] | None = None) -> tuple[SheetFigures, ...]:
    """Figures of each sheet; `parts` names the items of each subscale, which even-odd consistency needs three of."""
    distances = _distances(table.varying.answers, table.varying.covariance)
    places = [[table.items.index(name) for name in names] for names in (parts or {}).values()]
    return tuple(
        _figures(table, at, *distance, [table.answers[at, part] for part in places])
        for at, distance in enumerate(distances)
    )


def _figures(
    table: ItemTable, at: int, distance: float | None, chance: float | None, parts: Sequence[Matrix]
) -> SheetFigures:
    raw, turned = table.raw[at], table.answers[at]
    given = raw[~np.isnan(raw)]
    runs = run_lengths(None if np.isnan(value) else value for value in raw.tolist())
    return SheetFigures(
        id=table.ids[at], answered=len(given),
        total=float(turned.sum()) if len(given) == len(raw) else None,
        longstring=max(runs, default=0),
        average_string=sum(runs) / len(runs) if runs else None,
        irv=float(given.std(ddof=1)) if len(given) > 1 else None,
        mahalanobis=distance, mahalanobis_p=chance, even_odd=_even_odd(parts),
    )  # fmt: skip


def _distances(answers: Matrix, covariance: Matrix) -> list[tuple[float | None, float | None]]:
    """Squared Mahalanobis distance from the mean over the items answered, and its chance (Mahalanobis 1936)."""
    present = ~np.isnan(answers)
    centre = np.where(present, answers, 0.0).sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    roots: dict[bytes, Matrix | None] = {}
    distances = np.full(len(answers), np.nan)
    for at, (row, has) in enumerate(zip(answers, present, strict=True)):
        pattern = has.tobytes()
        if pattern not in roots:
            roots[pattern] = _inverse_root(covariance[np.ix_(has, has)])
        root = roots[pattern]
        if root is not None:
            distances[at] = float(np.square(root @ (row - centre)[has]).sum())
    chances = chi2.sf(distances, np.maximum(present.sum(axis=1), 1))
    return [
        (None, None) if np.isnan(distance) else (float(distance), float(chance))
        for distance, chance in zip(distances, chances, strict=True)
    ]


def _inverse_root(covariance: Matrix) -> Matrix | None:
    """The inverse of the Cholesky factor, None where items repeat each other or too few sheets answered."""
    if not len(covariance) or np.isnan(covariance).any():
        return None
    try:
        factor = np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        return None
    if (np.diag(factor) ** 2 < LEAST_OWN * np.diag(covariance)).any():
        return None
    return np.linalg.inv(factor).astype(np.float64)


def _even_odd(parts: Sequence[Matrix]) -> float | None:
    """Correlation over the parts of the means of their odd and even items, stepped up to full length (Curran 2016)."""
    odd, even = [], []
    for part in parts:
        first, second = part[0::2], part[1::2]
        first, second = first[~np.isnan(first)], second[~np.isnan(second)]
        if len(first) and len(second):
            odd.append(float(first.mean()))
            even.append(float(second.mean()))
    if len(odd) < FEWEST_PARTS or is_flat(odd) or is_flat(even):
        return None
    return stepped_up(float(np.corrcoef(odd, even)[0, 1]))
