"""What stands against a look at a pupil kept in view, or against the end of it. Pure: answers are codes."""

import datetime as dt
from dataclasses import dataclass

WATCH_OVER = "watch_over"
TALK_FIRST = "talk_first"
LOOKED_MEANWHILE = "looked_meanwhile"
LOOK_IN_FUTURE = "look_in_future"
LOOK_BEFORE_WATCH = "look_before_watch"
NO_LOOK_WORDS = "no_look_words"
NO_LOOK_FINDING = "no_look_finding"
NEXT_LOOK_NOT_AHEAD = "next_look_not_ahead"
NEXT_LOOK_TOO_LATE = "next_look_too_late"
NO_WATCH_REASON = "no_watch_reason"
NOT_ENOUGH_LOOKS = "not_enough_looks"
LOOK_OVERDUE = "look_overdue"
LEVEL_STILL_HIGH = "level_still_high"
STILL_AT_SCHOOL = "still_at_school"
SHORTEST_REASON = 8
HIGH = ("red", "orange")
CALM = "none"
FIVE_MINUTES = dt.timedelta(minutes=5)


def latest_look(held_on: dt.date, every_days: int, today: dt.date) -> dt.date:
    """Return the last day on which the next look may lie; one written down late still leads ahead."""
    return max(held_on + dt.timedelta(days=every_days), today + dt.timedelta(days=1))


@dataclass(frozen=True)
class LookFacts:
    """What a look is held against; `next_on` is None where the latest day is taken."""

    is_over: bool
    is_signalled: bool
    held_at: dt.datetime
    held_on: dt.date
    opened_on: dt.date
    now: dt.datetime
    today: dt.date
    words: str
    finding: str
    next_on: dt.date | None
    longest_on: dt.date


def refusals_to_look(facts: LookFacts) -> list[str]:
    """Return why a look cannot be written down so."""
    if facts.is_over:
        return [WATCH_OVER]
    if facts.is_signalled:
        return [TALK_FIRST]
    found = [
        (LOOK_IN_FUTURE, facts.held_at > facts.now + FIVE_MINUTES),
        (LOOK_BEFORE_WATCH, facts.held_on < facts.opened_on),
        (NO_LOOK_WORDS, not facts.words.strip()),
        (NO_LOOK_FINDING, not facts.finding),
        (NEXT_LOOK_NOT_AHEAD, facts.next_on is not None and facts.next_on <= facts.today),
        (NEXT_LOOK_TOO_LATE, facts.next_on is not None and facts.next_on > facts.longest_on),
    ]
    return [code for code, is_so in found if is_so]


def calm_after(calm: int, *, finding: str, held_on: dt.date, last_on: dt.date | None) -> int:
    """Return how many looks in a row were calm, with this one; two on one day count once."""
    if finding != CALM:
        return 0
    return calm if last_on is not None and held_on <= last_on and calm else calm + 1


@dataclass(frozen=True)
class EndFacts:
    """What the end of a watch is held against. `level` is the attention level that stands ("" for none)."""

    is_over: bool
    is_signalled: bool
    calm: int
    calm_at_least: int
    is_overdue: bool
    level: str
    has_left: bool


def obstacles_to_end(facts: EndFacts, reason: str) -> list[str]:
    """Return what must happen before a watch may end for a reason (a code of `WatchEnd`)."""
    if facts.is_over:
        return [WATCH_OVER]
    found = [(TALK_FIRST, facts.is_signalled)]
    if reason == "left":
        found.append((STILL_AT_SCHOOL, not facts.has_left))
    else:
        found += [
            (NOT_ENOUGH_LOOKS, facts.calm < facts.calm_at_least),
            (LOOK_OVERDUE, facts.is_overdue),
            (LEVEL_STILL_HIGH, facts.level in HIGH),
        ]
    return [code for code, is_so in found if is_so]


def refusals_to_end(facts: EndFacts, reason: str, words: str) -> list[str]:
    """Return why a watch cannot be ended so: a reason that is missing, or what must happen first."""
    if reason not in ("calm", "left") or len(words.strip()) < SHORTEST_REASON:
        return [NO_WATCH_REASON]
    return obstacles_to_end(facts, reason)
