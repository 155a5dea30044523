"""What stands against a judgement, a plan, a follow-up or an end. Pure: answers are codes, not words."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

CASE_CLOSED = "case_closed"
JUDGED_MEANWHILE = "judged_meanwhile"
PLANNED_MEANWHILE = "planned_meanwhile"
HELD_IN_FUTURE = "held_in_future"
HELD_BEFORE_CASE = "held_before_case"
TOO_FEW_PEOPLE = "too_few_people"
NO_REASONS = "no_reasons"
NO_ADVICE = "no_advice"
REVIEW_NOT_AHEAD = "review_not_ahead"
REVIEW_TOO_LATE = "review_too_late"
NO_CALM_LOOK = "no_calm_look"
OPEN_RED = "open_red"
OPEN_SIGNAL = "open_signal"
OVERDUE = "overdue"
NO_GOALS = "no_goals"
NO_MEASURE = "no_measure"
NO_WORDS_FOR_HELPER = "no_words_for_helper"
NOT_OF_THE_SCHOOL = "not_of_the_school"
NO_WORDS = "no_words"
NO_FINDING = "no_finding"
NEXT_NOT_AHEAD = "next_not_ahead"
NEXT_TOO_LATE = "next_too_late"
NOT_JUDGED = "not_judged"
NOT_STEPPED_DOWN = "not_stepped_down"
NOT_CALM_YET = "not_calm_yet"
STILL_OBSERVED = "still_observed"
NO_END_REASON = "no_end_reason"
STILL_HERE = "still_here"
JUDGED_ALREADY = "judged_already"
OPEN_ALREADY = "open_already"
HAS_LEFT = "has_left"
SAME_OWNER = "same_owner"
SHORTEST_REASON = 8
HIGH = ("red", "orange")
ORDER = {"red": 3, "orange": 2, "yellow": 1, "green": 0, "": -1}
CALM = ("none",)
FIVE_MINUTES = dt.timedelta(minutes=5)


def is_step_down(level: str, before: str) -> bool:
    """Does a judgement lead out of red and orange?"""
    return before in HIGH and level not in HIGH


def is_higher(level: str, other: str) -> bool:
    """Is a level more serious than another ("" for none)?"""
    return ORDER[level] > ORDER[other]


def _refusal_of_moment(held_at: dt.datetime, opened_on: dt.date, held_on: dt.date, now: dt.datetime) -> str:
    if held_at > now + FIVE_MINUTES:
        return HELD_IN_FUTURE
    return HELD_BEFORE_CASE if held_on < opened_on else ""


@dataclass(frozen=True)
class JudgementFacts:
    """What a judgement is held against. `last_finding` is of the newest follow-up with the pupil since the judgement
    before ("" where there was none); `longest_on` the last day on which it may be judged again."""

    is_closed: bool
    level: str
    level_before: str
    people: int
    people_at_least: int
    reasons: str
    advice: str
    held_at: dt.datetime
    held_on: dt.date
    opened_on: dt.date
    now: dt.datetime
    today: dt.date
    review_on: dt.date
    longest_on: dt.date
    last_finding: str
    has_open_red: bool


def refusals_to_judge(facts: JudgementFacts) -> list[str]:
    """Return why a judgement does not stand; empty where it does.

    Red and orange, and the way out of them, are nobody's word alone. Whoever leads a child out of them has seen the
    child without danger since, and leaves no red signal behind.
    """
    if facts.is_closed:
        return [CASE_CLOSED]
    found = [_refusal_of_moment(facts.held_at, facts.opened_on, facts.held_on, facts.now)]
    if (facts.level in HIGH or facts.level_before in HIGH) and facts.people < facts.people_at_least:
        found.append(TOO_FEW_PEOPLE)
    if len(facts.reasons.strip()) < SHORTEST_REASON:
        found.append(NO_REASONS)
    if facts.level != "green" and not facts.advice.strip():
        found.append(NO_ADVICE)
    found.append(_refusal_of_review(facts))
    if is_step_down(facts.level, facts.level_before):
        found += [OPEN_RED] if facts.has_open_red else []
        found += [] if facts.last_finding in CALM else [NO_CALM_LOOK]
    return [code for code in found if code]


def _refusal_of_review(facts: JudgementFacts) -> str:
    if facts.review_on <= facts.today:
        return REVIEW_NOT_AHEAD
    return REVIEW_TOO_LATE if facts.review_on > facts.longest_on else ""


def refusals_to_plan(
    *, is_closed: bool, goals: str, measures: int, for_helper: str, is_helper_here: bool, review_on: dt.date,
    today: dt.date,
) -> list[str]:  # fmt: skip
    """Return why a plan does not stand."""
    if is_closed:
        return [CASE_CLOSED]
    found = [
        (NO_GOALS, not goals.strip()),
        (NO_MEASURE, not measures),
        (NOT_OF_THE_SCHOOL, not is_helper_here),
        (NO_WORDS_FOR_HELPER, not for_helper.strip()),
        (REVIEW_NOT_AHEAD, review_on <= today),
    ]
    return [code for code, is_so in found if is_so]


@dataclass(frozen=True)
class FollowUpFacts:
    """What a follow-up is held against; `longest_on` is None where no next one is due (green, or not judged yet)."""

    is_closed: bool
    held_at: dt.datetime
    held_on: dt.date
    opened_on: dt.date
    now: dt.datetime
    today: dt.date
    words: str
    is_with_pupil: bool
    finding: str
    next_on: dt.date | None
    longest_on: dt.date | None


def refusals_to_follow_up(facts: FollowUpFacts) -> list[str]:
    """Return why a follow-up cannot be written down so."""
    if facts.is_closed:
        return [CASE_CLOSED]
    found = [_refusal_of_moment(facts.held_at, facts.opened_on, facts.held_on, facts.now)]
    if not facts.words.strip():
        found.append(NO_WORDS)
    if facts.is_with_pupil and not facts.finding:
        found.append(NO_FINDING)
    if facts.is_with_pupil and facts.longest_on is not None and facts.next_on is not None:
        if facts.next_on <= facts.today:
            found.append(NEXT_NOT_AHEAD)
        elif facts.next_on > facts.longest_on:
            found.append(NEXT_TOO_LATE)
    return [code for code in found if code]


def calm_in_a_row(findings: Sequence[str]) -> int:
    """Return how many of the newest follow-ups with the pupil, one after the other, were without danger.

    `findings` are given newest first.
    """
    count = 0
    for finding in findings:
        if finding not in CALM:
            break
        count += 1
    return count


@dataclass(frozen=True)
class EndFacts:
    """What an end is held against.

    `level` is the one that stands. `was_high` says that it ever was red or orange, `high_on` when people last said so
    or led out of it. `obstacles` are codes of other rooms: an open referral, for one.
    """

    is_closed: bool
    is_judged: bool
    level: str
    was_high: bool
    high_on: dt.date | None
    calm: int
    has_open_red: bool
    has_open_signal: bool
    is_overdue: bool
    has_left: bool
    today: dt.date
    calm_at_least: int
    observation_days: int
    obstacles: tuple[str, ...] = ()


def observed_until(facts: EndFacts) -> dt.date | None:
    """Return the day from which the observation no longer stands against an end; None where none does."""
    return facts.high_on + dt.timedelta(days=facts.observation_days) if facts.was_high and facts.high_on else None


def obstacles_to_end(facts: EndFacts, reason: str) -> list[str]:
    """Return what must happen before a case may end for a reason (a code of `EndReason`).

    A pupil who left is handed over, whatever the level; an open red signal stands against that too.
    """
    if facts.is_closed:
        return [CASE_CLOSED]
    found = [(OPEN_RED, facts.has_open_red), (OPEN_SIGNAL, facts.has_open_signal and not facts.has_open_red)]
    if reason == "left":
        found.append((STILL_HERE, not facts.has_left))
    elif reason == "mistake":
        found += [(JUDGED_ALREADY, facts.is_judged), (NOT_STEPPED_DOWN, facts.level in HIGH)]
    else:
        until = observed_until(facts)
        found += [
            (NOT_JUDGED, not facts.is_judged),
            (NOT_STEPPED_DOWN, facts.level in HIGH),
            (NOT_CALM_YET, facts.was_high and facts.calm < facts.calm_at_least),
            (STILL_OBSERVED, until is not None and facts.today < until),
            (OVERDUE, facts.is_overdue),
        ]
    return [code for code, is_so in found if is_so] + list(facts.obstacles)


def refusals_to_end(facts: EndFacts, reason: str, words: str, known: Sequence[str]) -> list[str]:
    """Return why a case cannot be closed so: what must happen first, or a reason that is missing."""
    if reason not in known or len(words.strip()) < SHORTEST_REASON:
        return [NO_END_REASON]
    return obstacles_to_end(facts, reason)
