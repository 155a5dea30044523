"""Who decides about a consent, and what the decisions made so far come to. Pure: day and policy are arguments.

The ages come from the policy in force where the pupil is; below the law's age no pack can go (`policy.packs`).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

ConsentState = Literal["given", "refused", "withdrawn", "open", "not_needed"]
CONSENT_STATES: tuple[ConsentState, ...] = ("given", "refused", "withdrawn", "open", "not_needed")
# The states in which a pupil may be asked.
CONSENTED: tuple[ConsentState, ...] = ("given", "not_needed")


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """One decision on one form: `decision` and `given_by` are values of Decision and GivenBy."""

    decision: str
    given_by: str
    decided_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ConsentRule:
    """What the policy says. From `own_from_age` a pupil decides; `silence_from_age` is None where a yes is needed."""

    own_from_age: int
    silence_from_age: int | None

    @property
    def ages(self) -> tuple[int, ...]:
        """The ages at which something changes."""
        return (self.own_from_age,) if self.silence_from_age is None else (self.own_from_age, self.silence_from_age)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a pupil stands under a rule: who decides, and whether an opt-out form may take silence for an answer."""

    rule: ConsentRule
    decides_alone: bool
    takes_silence: bool


def consent_rule(mode: str, guardian_below_age: int, opt_out_from_age: int) -> ConsentRule:
    """Return the rule that a policy's three values make."""
    return ConsentRule(guardian_below_age, opt_out_from_age if mode == "opt_out" else None)


def is_age_certain(birth_year: int | None, on: dt.date, ages: Iterable[int]) -> bool:
    """Does the year alone say on which side of each age the pupil stands?"""
    return birth_year is None or on.year - birth_year not in ages


def standing_of(rule: ConsentRule, birth_on: dt.date | None, birth_year: int | None, on: dt.date) -> Standing:
    """Return where a pupil stands. Where the birth date is not known well enough, the guardian decides."""
    decides_alone = _has_reached(rule.own_from_age, birth_on, birth_year, on)
    silence = rule.silence_from_age
    return Standing(
        rule, decides_alone, decides_alone and silence is not None and _has_reached(silence, birth_on, birth_year, on)
    )


def _has_reached(age: int, birth_on: dt.date | None, birth_year: int | None, on: dt.date) -> bool:
    """Is the pupil so old? The whole birthday counts as the new age already; what is not known counts as no."""
    if birth_on is not None:
        turned = (birth_on.month, birth_on.day) <= (on.month, on.day)
        return on.year - birth_on.year - (0 if turned else 1) >= age
    return birth_year is not None and on.year - birth_year > age


def state_of(decisions: Iterable[DecisionFact], standing: Standing, *, is_opt_out: bool) -> ConsentState:
    """Return what the decisions come to; the latest one of the person who decides counts.

    While the guardian decides only the guardian's counts and is always asked for, whatever the form says. Later the
    pupil's own decision goes before the guardian's, and only an opt-out form takes silence as "not_needed", where the
    policy lets it.
    """
    latest: dict[str, DecisionFact] = {}
    for fact in decisions:
        known = latest.get(fact.given_by)
        if known is None or fact.decided_at >= known.decided_at:
            latest[fact.given_by] = fact
    deciding = latest.get("guardian")
    if standing.decides_alone:
        deciding = latest.get("student") or deciding
    if deciding is None:
        return "not_needed" if is_opt_out and standing.decides_alone and standing.takes_silence else "open"
    state: ConsentState = deciding.decision  # type: ignore[assignment]  # Decision has exactly these three values
    return state
