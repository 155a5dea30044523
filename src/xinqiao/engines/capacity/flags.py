"""Shares of pupils who will be flagged, and the talks a school can hold."""

from dataclasses import dataclass
from math import ceil

MINUTES_IN_HOUR = 60
# Expected flags are fractions; a sum that is over a whole number by less than this is that number.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class CapacityRules:
    """What a screening is planned by, from the policy in force."""

    talk_minutes: int
    talk_hours_a_day: int
    prevalence_percent: float
    fewest_pupils: int

    @property
    def prevalence(self) -> float:
        """The share of pupils expected to need help."""
        return self.prevalence_percent / 100

    def talks_a_day(self, counsellors: int) -> int:
        """Return how many whole talks so many psychology teachers can hold on one school day."""
        return counsellors * (self.talk_hours_a_day * MINUTES_IN_HOUR // self.talk_minutes)

    def hours_for(self, talks: float) -> float:
        """Return the hours that so many talks take."""
        return talks * self.talk_minutes / MINUTES_IN_HOUR


def flag_share(sensitivity: float, specificity: float, prevalence: float) -> float:
    """Return the share of pupils whom a flag of this accuracy marks, rightly or not."""
    return prevalence * sensitivity + (1 - prevalence) * (1 - specificity)


def wave_share(answered: int, flagged: int, rules: CapacityRules, least: int) -> float | None:
    """Return the share flagged in an earlier screening; None where too few answered.

    Fewer than `least` flags count as `least`: plans are made for more, and nobody can read the exact handful off them.
    """
    if answered < rules.fewest_pupils:
        return None
    return min(1.0, max(flagged, least) / answered)


def days_until_clear(waiting: float, talks_a_day: int) -> int | None:
    """Return the school days in which those who wait have all been talked to; None where nobody can talk."""
    if waiting <= TOLERANCE:
        return 0
    return ceil(waiting / talks_a_day - TOLERANCE) if talks_a_day > 0 else None
