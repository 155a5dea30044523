"""How urgent a call or a worry is, and why, by the policy's rules. Pure."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from xinqiao.engines.triage import Reason

RED = "red"  # what a worry is where no policy can be read: rather too urgent than not heard
CALLED, CALLED_HURT, CALLED_FROM, OWN_WORDS = "called", "called_hurt", "called_from", "own_words"
CLASSMATE, UNNAMED = "classmate", "classmate_unnamed"


class HelpRules(Protocol):
    """What the policy says of pupils' own calls."""

    @property
    def called_now(self) -> str: ...
    @property
    def called_hurt(self) -> str: ...
    @property
    def calls_an_hour(self) -> int | None: ...


class CommitteeRules(Protocol):
    """What the policy says of a committee member's worry."""

    @property
    def worry(self) -> str: ...
    @property
    def grave_worry(self) -> str: ...
    @property
    def grave_kinds(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Call:
    """What a pupil said: about whom, how soon, whether they might hurt themselves, where they are, and words."""

    about: str
    soon: str
    is_hurt: bool
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class Worry:
    """What a committee member noticed about a classmate, and who that is in their words."""

    kinds: tuple[str, ...]
    who: str
    words: str


def urgency_of_call(call: Call, rules: HelpRules, *, usual: str) -> str:
    """Return how urgent a call is; `usual` is what asking to talk is by the rules of triage."""
    if call.is_hurt:
        return rules.called_hurt
    return rules.called_now if call.soon == "now" else usual


def is_too_often(calls_in_the_hour: int, rules: HelpRules) -> bool:
    """Has a pupil sent as many calls within the hour as are taken?"""
    return rules.calls_an_hour is not None and calls_in_the_hour >= rules.calls_an_hour


def reasons_of_call(call: Call) -> list[Reason]:
    """Return what a call's signal rests on."""
    reasons = [Reason(CALLED, "", (call.about, call.soon))]
    if call.is_hurt:
        reasons.append(Reason(CALLED_HURT))
    if call.where:
        reasons.append(Reason(CALLED_FROM, "", (call.where,)))
    if call.words:
        reasons.append(Reason(OWN_WORDS, "", (call.words,)))
    return reasons


def urgency_of_worry(kinds: Sequence[str], rules: CommitteeRules | None) -> str:
    """Return how urgent a worry about a classmate is."""
    if rules is None:
        return RED
    return rules.grave_worry if is_grave(kinds, rules) else rules.worry


def is_grave(kinds: Sequence[str], rules: CommitteeRules | None) -> bool:
    """Is something among it that does not wait?"""
    return rules is None or bool(set(kinds) & set(rules.grave_kinds))


def reasons_of_worry(worry: Worry) -> list[Reason]:
    """Return what a signal on the classmate rests on; who wrote it is not in it."""
    said = [Reason(OWN_WORDS, "", (worry.words,))] if worry.words else []
    return [Reason(CLASSMATE, "", worry.kinds), *said]


def reasons_of_unnamed(worry: Worry) -> list[Reason]:
    """Return what a signal on the writer rests on, where nobody knows yet who is meant and it does not wait."""
    texts = [text for text in (worry.who, worry.words) if text]
    return [Reason(UNNAMED, "", worry.kinds), *(Reason(OWN_WORDS, "", (text,)) for text in texts)]


ALL_TAKEN, NOT_IN_A_CLASS, ANOTHER_SCHOOL, IS_THE_WRITER = (
    "all_taken",
    "not_in_a_class",
    "another_school",
    "is_the_writer",
)
SETTLED_ALREADY, NEEDS_REASON = "settled_already", "needs_reason"
SHORTEST_REASON = 8


def free_chair(taken: Collection[int], seats: int) -> int | None:
    """Return the first chair of a class's committee that nobody sits on; None where all are taken."""
    return next((chair for chair in range(1, seats + 1) if chair not in taken), None)


def refusal_to_name(*, state: str, is_same_school: bool, is_writer: bool) -> str | None:
    """Return why a worry may not be said to be about this pupil, or None."""
    if state != "open":
        return SETTLED_ALREADY
    if not is_same_school:
        return ANOTHER_SCHOOL
    return IS_THE_WRITER if is_writer else None


def refusal_to_set_aside(*, state: str, reason: str) -> str | None:
    """Return why a worry may not be set aside, or None: nothing ends without its reason in words."""
    if state != "open":
        return SETTLED_ALREADY
    return NEEDS_REASON if len(reason.strip()) < SHORTEST_REASON else None


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def is_covered(week_on: dt.date, reported: Collection[dt.date], every_days: int) -> bool:
    """Does a report of this week, or of one so few days before that no further one is expected yet, stand?"""
    return any(0 <= (week_on - each).days < every_days for each in reported)


Stay = tuple[dt.date, dt.date | None]  # [start, end) of a time on the committee


def had_member(week_on: dt.date, stays: Collection[Stay], due_weekday: int) -> bool:
    """Did anybody sit on the committee in a week early enough to report by the day it was due?"""
    due_on = week_on + dt.timedelta(days=due_weekday - 1)
    return any(start < due_on and (end is None or end > week_on) for start, end in stays)


def is_missing(
    week_on: dt.date, reported: Collection[dt.date], *, every_days: int, due_weekday: int, today: dt.date
) -> bool:
    """Should there be a report of this week by today, and is none? The due day itself is still open."""
    due_on = week_on + dt.timedelta(days=due_weekday - 1)
    return today > due_on and not is_covered(week_on, reported, every_days)
