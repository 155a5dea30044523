"""How far those who answered about one pupil agree on one score. Pure; the rule is ours, its reason is below.

Points of a pupil's, a guardian's and a teacher's form do not compare (SDQ: the bands of the total begin at 15, 14 and
12 points), so what is compared is the band, counted from the harmless end. Where a score has no bands the points stand
side by side and nothing is said of them.

SOURCE: that informants differ is the rule, not a fault. Achenbach TM, McConaughy SH, Howell CT. Child/adolescent
behavioral and emotional problems: implications of cross-informant correlations for situational specificity. Psychol
Bull 1987;101(2):213-232.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ONE_BAND = 1  # ours: next to each other is common and close; two bands and more is said to be far


@dataclass(frozen=True)
class Seen:
    """What one informant's form gave for a score: its band as `step` of `steps` from the harmless end, 0 for none."""

    step: int = 0
    steps: int = 0


@dataclass(frozen=True)
class Agreement:
    """`verdict` is same, near, far, or points (no bands to compare); `bands` how many bands lie between the outermost;
    `most` the informants who see most difficulty, empty where all see the same."""

    verdict: str
    bands: int = 0
    most: tuple[str, ...] = ()


def agreement_of(seen: Mapping[str, Seen]) -> Agreement | None:
    """Hold the bands of at least two informants against each other; None where fewer answered."""
    if len(seen) < 2:
        return None
    steps = {each.steps for each in seen.values()}
    if len(steps) != 1 or 0 in steps or any(each.step == 0 for each in seen.values()):
        return Agreement("points")
    highest, lowest = max(s.step for s in seen.values()), min(s.step for s in seen.values())
    apart = highest - lowest
    if not apart:
        return Agreement("same")
    most = tuple(informant for informant, each in seen.items() if each.step == highest)
    return Agreement("near" if apart <= ONE_BAND else "far", apart, most)
