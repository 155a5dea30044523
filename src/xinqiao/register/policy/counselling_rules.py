"""What a pack says of counselling: the group's keys, what risk in a note starts, and a course that nobody leads."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from xinqiao.engines.schedule import ClockRule
from xinqiao.register.policy.pack_parts import Length, Minutes, Sourced, Struct, UrgencyCode


class Counselling(Struct, frozen=True):
    """The section of a pack."""

    open_minutes: Sourced[Annotated[int, Meta(ge=1, le=60)]]
    words_at_least: Sourced[Annotated[int, Meta(ge=8, le=60)]]
    recovery_minutes: Sourced[Minutes]
    heir_within: Sourced[Length]
    consent_within: Sourced[Length]
    risk_found: Sourced[UrgencyCode]
    risk_acute: Sourced[UrgencyCode]


@dataclass(frozen=True)
class CounsellingRules:
    """For how many idle minutes notes stay open, how long a sentence is, how soon the second of two must act, within
    what a course without a counsellor gets one and one whose consent was taken back ends, and the urgency of the signal
    that a note with risk leads to."""

    open_minutes: int
    words_at_least: int
    recovery_minutes: int
    heir_within: ClockRule
    consent_within: ClockRule
    risk_found: str
    risk_acute: str


def counselling_rules(rules: Counselling) -> CounsellingRules:
    """Flatten the section."""
    return CounsellingRules(
        open_minutes=rules.open_minutes.value, words_at_least=rules.words_at_least.value,
        recovery_minutes=rules.recovery_minutes.value, heir_within=rules.heir_within.value.rule(),
        consent_within=rules.consent_within.value.rule(),
        risk_found=rules.risk_found.value, risk_acute=rules.risk_acute.value,
    )  # fmt: skip
