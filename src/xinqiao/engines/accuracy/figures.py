"""The figures of a flag from a two-phase design: everyone is asked, some are talked to.

Pupils fall into strata by what the questionnaire said; of each stratum some were talked to, and the talk found need or
not. Each pupil talked to stands for n/v of the stratum (inverse-probability weights). With one stratum of flagged and
one of unflagged pupils this is the estimator of Begg & Greenes.

SOURCE: Begg CB, Greenes RA. Assessment of diagnostic tests when disease verification is subject to selection bias.
Biometrics 1983;39:207-215: estimators, and the variance of the logit that `_interval` generalises to more strata.
SOURCE: Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc
1927;22:209-212.

What it rests on, and pages say so: those talked to are like the rest of their stratum. For pupils drawn by lot that
holds by design; for flagged pupils it holds once nearly all of them were talked to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

Z = 1.959963984540054  # two-sided 95 % of a normal distribution


@dataclass(frozen=True, slots=True)
class Stratum:
    """Pupils alike in what the questionnaire said: `pupils` of them, `talked_to` of whom `needed` help.

    `is_flagged` says on which side of the line they stand.
    """

    is_flagged: bool
    pupils: int
    talked_to: int
    needed: int

    def __post_init__(self) -> None:
        if not 0 <= self.needed <= self.talked_to <= self.pupils:
            raise ValueError(f"{self.needed} of {self.talked_to} of {self.pupils} is no stratum")

    @property
    def share(self) -> float:
        """The share of those talked to who needed help; only where somebody was."""
        return self.needed / self.talked_to


@dataclass(frozen=True, slots=True)
class Figure:
    """A share between 0 and 1 with its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(successes: int, trials: int, z: float = Z) -> tuple[float, float]:
    """Return the Wilson score interval of a share; (0, 1) where nothing was tried."""
    if trials <= 0:
        return 0.0, 1.0
    share, square = successes / trials, z * z
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    half = z * sqrt(share * (1 - share) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    return (
        0.0 if successes == 0 else max(0.0, centre - half),
        1.0 if successes == trials else min(1.0, centre + half),
    )


def predictive_value(needed: int, talked_to: int) -> Figure | None:
    """Return the share of flagged pupils talked to who needed help; None where nobody was talked to."""
    return Figure(needed / talked_to, *wilson(needed, talked_to)) if talked_to else None


def sensitivity(strata: Sequence[Stratum]) -> Figure | None:
    """Return of all who need help the share that was flagged; None where a stratum is unknown or nobody needs help."""
    return _ratio(strata, is_flagged=True, is_of_need=True)


def specificity(strata: Sequence[Stratum]) -> Figure | None:
    """Return of all who need no help the share that was not flagged; None likewise."""
    return _ratio(strata, is_flagged=False, is_of_need=False)


def _ratio(strata: Sequence[Stratum], *, is_flagged: bool, is_of_need: bool) -> Figure | None:
    filled = [stratum for stratum in strata if stratum.pupils]
    if any(not stratum.talked_to for stratum in filled):
        return None
    counted = [
        s if is_of_need else Stratum(s.is_flagged, s.pupils, s.talked_to, s.talked_to - s.needed) for s in filled
    ]
    right = [stratum for stratum in counted if stratum.is_flagged is is_flagged]
    wrong = [stratum for stratum in counted if stratum.is_flagged is not is_flagged]
    found, missed = _weighted(right), _weighted(wrong)
    if not found + missed:
        return None
    return Figure(found / (found + missed), *_interval(right, wrong, found, missed))


def _weighted(strata: Sequence[Stratum]) -> float:
    return sum(stratum.pupils * stratum.share for stratum in strata)


def _interval(right: Sequence[Stratum], wrong: Sequence[Stratum], found: float, missed: float) -> tuple[float, float]:
    """Symmetric on the logit; where one side is empty, from the Wilson bounds of every stratum, which is wider."""
    if not found or not missed:
        low, high = _bounds(right), _bounds(wrong)
        return _part(low[0], high[1]), _part(low[1], high[0])
    error = sqrt(_variance(right) / found**2 + _variance(wrong) / missed**2)
    middle = log(found / missed)
    return 1 / (1 + exp(-(middle - Z * error))), 1 / (1 + exp(-(middle + Z * error)))


def _variance(strata: Sequence[Stratum]) -> float:
    """Of a weighted count: that the pupils are one sample of such pupils, and that only some of them were talked to."""
    return sum(s.pupils * s.share**2 + s.pupils**2 * s.share * (1 - s.share) / s.talked_to for s in strata)


def _bounds(strata: Sequence[Stratum]) -> tuple[float, float]:
    pairs = [(s.pupils, wilson(s.needed, s.talked_to)) for s in strata]
    return sum(n * bounds[0] for n, bounds in pairs), sum(n * bounds[1] for n, bounds in pairs)


def _part(one: float, other: float) -> float:
    return one / (one + other) if one + other else 0.0
