"""How much more likely need is after what was flagged: one likelihood ratio for each construct, multiplied openly.

A flag of sensitivity s and specificity c multiplies the odds of need by s / (1 - c), a quiet one by (1 - s) / c. Two
scales of one construct are one piece of evidence (PHQ-9 and CES-DC both ask about depression): where any of them is
flagged, the strongest flag counts and no quiet one; where all are quiet, the least reassuring. Leaving quiet ones out
altogether promised 2.6 times as many in need as there were (`bench/triage.py`). Constructs are taken as independent
given need, which they are not quite: the share is an order with reasons, shown with its source, and nobody's diagnosis.

SOURCE: Fagan TJ. Nomogram for Bayes's theorem. N Engl J Med 1975;293:257: odds after = odds before x likelihood ratio.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from xinqiao.engines.accuracy import Stratum, sensitivity, specificity

Key = tuple[str, str]
PUBLISHED, OWN = "published", "own"
MOST = 100.0  # a flag that was never wrong in the pupils counted is not therefore never wrong


@dataclass(frozen=True, slots=True)
class Ratio:
    """What one flag multiplies the odds by; `low` and `high` bound it (95 %), both `value` where nothing is known.

    `quiet` is what its absence multiplies them by. `origin` is PUBLISHED or OWN (counted in a school's own talks),
    `source` the citation or what it was counted from.
    """

    scale: str
    flag: str
    construct: str
    value: float
    low: float
    high: float
    quiet: float
    origin: str
    source: str


@dataclass(frozen=True, slots=True)
class Odds:
    """The share of pupils flagged alike who are expected to need help (0-1), and what it was multiplied from: the
    ratios of what was flagged, the strongest first, and those of constructs that were quiet."""

    share: float
    ratios: tuple[Ratio, ...]
    quiet: tuple[Ratio, ...] = ()


def positive_ratio(of_need: float, of_no_need: float) -> float:
    """Return sensitivity / (1 - specificity), at most MOST. ValueError unless both lie in 0-1."""
    if not (0 <= of_need <= 1 and 0 <= of_no_need <= 1):
        raise ValueError(f"{of_need} and {of_no_need} are no sensitivity and specificity")
    false = 1 - of_no_need
    return MOST if of_need >= MOST * false else of_need / false


def quiet_ratio(of_need: float, of_no_need: float) -> float:
    """Return (1 - sensitivity) / specificity, at least 1 / MOST and at most 1: silence is no reason to worry more."""
    if not (0 <= of_need <= 1 and 0 <= of_no_need <= 1):
        raise ValueError(f"{of_need} and {of_no_need} are no sensitivity and specificity")
    missed = 1 - of_need
    return 1.0 if missed >= of_no_need else max(missed / of_no_need, 1 / MOST)


def own_ratio(
    strata: Sequence[Stratum], *, scale: str, flag: str, construct: str, source: str, at_least: int
) -> Ratio | None:
    """Return a ratio counted from a school's talks, or None where fewer than `at_least` were held on either side.

    The bounds join those of sensitivity and specificity at their worst, which is wider than 95 %.
    """
    talks = {is_flagged: sum(s.talked_to for s in strata if s.is_flagged is is_flagged) for is_flagged in (True, False)}
    if min(talks.values()) < at_least:
        return None
    found, quiet = sensitivity(strata), specificity(strata)
    if found is None or quiet is None:
        return None
    return Ratio(
        scale, flag, construct, positive_ratio(found.value, quiet.value), positive_ratio(found.low, quiet.low),
        positive_ratio(found.high, quiet.high), quiet_ratio(found.value, quiet.value), OWN, source,
    )  # fmt: skip


def weigh(
    flagged: Iterable[Key], ratios: Mapping[Key, Ratio], prevalence: float, *, asked: Iterable[Key] = ()
) -> Odds | None:
    """Return the odds after some flags, each a pair (scale, flag), or None where no ratio is known of any of them.

    `asked` are all flags that could have been raised; `prevalence` is the share of all pupils expected to need help,
    above 0 and below 1. ValueError otherwise.
    """
    if not 0 < prevalence < 1:
        raise ValueError(f"{prevalence} is no share")
    raised = set(flagged)
    strongest = _one_each((ratios[key] for key in raised if key in ratios), lambda ratio: ratio.value)
    if not strongest:
        return None
    silent = _one_each((ratios[key] for key in asked if key in ratios and key not in raised), lambda ratio: ratio.quiet)
    quiet = [ratio for construct, ratio in silent.items() if construct not in strongest]
    odds = prevalence / (1 - prevalence)
    for value in [ratio.value for ratio in strongest.values()] + [ratio.quiet for ratio in quiet]:
        odds *= value
    return Odds(
        odds / (1 + odds), tuple(sorted(strongest.values(), key=lambda r: (-r.value, r.construct))),
        tuple(sorted(quiet, key=lambda r: r.construct)),
    )  # fmt: skip


def _one_each(ratios: Iterable[Ratio], weight: Callable[[Ratio], float]) -> dict[str, Ratio]:
    """Return of each construct the ratio of most weight."""
    found: dict[str, Ratio] = {}
    for ratio in ratios:
        if ratio.construct not in found or weight(ratio) > weight(found[ratio.construct]):
            found[ratio.construct] = ratio
    return found
