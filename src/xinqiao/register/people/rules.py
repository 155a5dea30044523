"""Who decides about a consent, and what the decisions made so far come to. Pure: the day is an argument.

SOURCE of the age: Personal Information Protection Law of the PRC, article 31 (under 14 the guardian consents).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

OWN_CONSENT_FROM_AGE = 14

ConsentState = Literal["given", "refused", "withdrawn", "open", "not_needed"]
CONSENT_STATES: tuple[ConsentState, ...] = ("given", "refused", "withdrawn", "open", "not_needed")


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """One decision on one form: `decision` and `given_by` are values of Decision and GivenBy."""

    decision: str
    given_by: str
    decided_at: dt.datetime


def is_age_certain(birth_year: int | None, on: dt.date) -> bool:
    """Does the year alone say on which side of the age the pupil stands?"""
    return birth_year is None or on.year - birth_year != OWN_CONSENT_FROM_AGE


def may_consent_alone(birth_on: dt.date | None, birth_year: int | None, on: dt.date) -> bool:
    """Is the pupil 14 or older? Where the birth date is not known well enough, the answer is no: the guardian decides.

    The whole birthday counts as 14 already.
    """
    if birth_on is not None:
        turned = (birth_on.month, birth_on.day) <= (on.month, on.day)
        return on.year - birth_on.year - (0 if turned else 1) >= OWN_CONSENT_FROM_AGE
    return birth_year is not None and on.year - birth_year > OWN_CONSENT_FROM_AGE


def state_of(decisions: Iterable[DecisionFact], *, may_decide_alone: bool, is_opt_out: bool) -> ConsentState:
    """Return what the decisions come to; the latest one of the person who decides counts.

    Under 14 only the guardian's counts and is always asked for, whatever the form says. From 14 the pupil's own
    decision goes before the guardian's, and only an opt-out form takes silence as "not_needed".
    """
    latest: dict[str, DecisionFact] = {}
    for fact in decisions:
        known = latest.get(fact.given_by)
        if known is None or fact.decided_at >= known.decided_at:
            latest[fact.given_by] = fact
    deciding = latest.get("guardian")
    if may_decide_alone:
        deciding = latest.get("student") or deciding
    if deciding is None:
        return "not_needed" if may_decide_alone and is_opt_out else "open"
    state: ConsentState = deciding.decision  # type: ignore[assignment]  # Decision has exactly these three values
    return state
