"""What a screening will bring, before it is begun: flags to expect, how many of them are false alarms, and the days a
school needs to look at them. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

# Our assumptions, shown as such: how common what is looked for is, how long one talk takes with its note, and how long
# one counsellor can talk on a school day. SOURCE of the hours: S0-T08.1a (the room opens at least 4 hours a day).
PREVALENCE = 0.05
MINUTES_A_TALK = 40
HOURS_A_DAY = 4
# Ours: shares of fewer pupils than this say nothing.
FEWEST_PUPILS = 30


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well one flag of a scale finds what it looks for, as published; only what has a source stands here."""

    scale: str
    flag: str
    sensitivity: float
    specificity: float
    source: str


# SOURCE: Richardson et al., Pediatrics 2010;126:1117-1123, 442 youths of 13-17 years, PHQ-9 at 11 or more.
ACCURACIES = (Accuracy("phq-9", "adolescent_positive", 0.895, 0.775, "Richardson 2010"),)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of `pupils` who answer, `flagged` are expected to be flagged, of whom `found` need help; `days` is the work."""

    pupils: int
    flagged: int
    found: int
    days: int
    counsellors: int
    accuracy: Accuracy

    @property
    def false_alarms_in_100(self) -> int:
        """Of a hundred flags, how many turn out to be none."""
        return 100 - round(100 * self.found / self.flagged) if self.flagged else 0


def accuracy_of(scale: str, flag: str = "") -> Accuracy | None:
    """Return what is published about a flag (or any flag) of a scale, None where nothing stands here."""
    return next((a for a in ACCURACIES if a.scale == scale and flag in ("", a.flag)), None)


def false_alarms_in_100(accuracy: Accuracy, prevalence: float = PREVALENCE) -> int:
    """Return how many of a hundred flags are expected to be false alarms."""
    true = prevalence * accuracy.sensitivity
    return round(100 * (1 - true / (true + (1 - prevalence) * (1 - accuracy.specificity))))


def forecast(pupils: int, scales: Sequence[str], counsellors: int, prevalence: float = PREVALENCE) -> Forecast | None:
    """Return what to expect of a battery, from the scale that will flag most; None where nothing is published, or for
    fewer than 30 pupils.
    """
    known = [accuracy for scale in scales if (accuracy := accuracy_of(scale))]
    if not known or pupils < FEWEST_PUPILS:
        return None
    return max((_forecast(pupils, each, counsellors, prevalence) for each in known), key=lambda f: f.flagged)


def _forecast(pupils: int, accuracy: Accuracy, counsellors: int, prevalence: float) -> Forecast:
    ill = pupils * prevalence
    found = ill * accuracy.sensitivity
    flagged = found + (pupils - ill) * (1 - accuracy.specificity)
    talks_a_day = max(1, counsellors) * HOURS_A_DAY * 60 // MINUTES_A_TALK
    return Forecast(
        pupils=pupils, flagged=round(flagged), found=round(found), days=ceil(round(flagged) / talks_a_day),
        counsellors=counsellors, accuracy=accuracy,
    )  # fmt: skip
