"""Sums over stretches of time, and why something cannot be done in a centre: predicates over plain facts. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeVar

Moment = TypeVar("Moment", dt.datetime, int)
NO_ROOM, NO_AREA, TOO_SMALL, TOO_LARGE = "no_room", "no_area", "too_small", "too_large"
PAST, SITS_ELSEWHERE, ROOM_TAKEN, IS_BOOKED, NOT_A_COUNSELLOR, DROPPED = (
    "past", "sits_elsewhere", "room_taken", "is_booked", "not_a_counsellor", "dropped",
)  # fmt: skip
TAKEN, TOO_MANY, TOO_FAR, NOT_AT_SCHOOL, NOT_YET, NOT_OPEN, NO_WORDS, SAME_TIME = (
    "taken", "too_many", "too_far", "not_at_school", "not_yet", "not_open", "no_words", "same_time",
)  # fmt: skip
NO_TOPIC, NOT_OVER, SOMEBODY_CAME = "no_topic", "not_over", "somebody_came"
WAITS_NOT, NO_REASON = "waits_not", "no_reason"
MORNING, AFTERNOON, AFTER_SCHOOL = "morning", "afternoon", "after_school"  # parts of a day, as in `states.PartOfDay`
NO_PATTERN, NAME_TAKEN, ROOM_IN_USE, OVERLAPS, NO_TERM = (
    "no_pattern", "name_taken", "room_in_use", "overlaps", "no_term",
)  # fmt: skip


def minutes_covered(spans: Iterable[tuple[dt.datetime, dt.datetime]]) -> int:
    """Return how many minutes lie in at least one of some spans: two rooms open at once count once."""
    total, reached = dt.timedelta(0), None
    for start, end in sorted(spans):
        begin = start if reached is None else max(start, reached)
        if end > begin:
            total += end - begin
        reached = end if reached is None else max(reached, end)
    return total // dt.timedelta(minutes=1)


def overlaps(start: Moment, end: Moment, other_start: Moment, other_end: Moment) -> bool:
    """Do two half-open stretches share time?"""
    return start < other_end and other_start < end


def zone_fault(at_least: float | None, at_most: float | None, areas: Sequence[float | None]) -> str:
    """Return why no room of a zone has the size asked for, "" where one has. In m2; an area is None where unknown."""
    if not areas:
        return NO_ROOM
    if at_least is None:
        return ""
    known = [area for area in areas if area is not None]
    if not known:
        return NO_AREA
    if all(area < at_least for area in known):
        return TOO_SMALL
    if at_most is not None and not any(at_least <= area <= at_most for area in known):
        return TOO_LARGE
    return ""


def slots_between(
    start: dt.datetime, end: dt.datetime, *, minutes: int, pause: int
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return the whole slots of a stretch: so many minutes each, a pause after each but where the stretch ends."""
    found = []
    while start + dt.timedelta(minutes=minutes) <= end:
        found.append((start, start + dt.timedelta(minutes=minutes)))
        start += dt.timedelta(minutes=minutes + pause)
    return found


def free_seat(taken: Iterable[int], most: int) -> int | None:
    """Return the lowest seat that none of a pupil's open bookings has, None where the pupil has as many as may be."""
    sat = set(taken)
    return next((seat for seat in range(1, most + 1) if seat not in sat), None) if len(sat) < most else None


def refusal_to_book(
    *, starts_at: dt.datetime, at: dt.datetime, ahead_days: int, is_dropped: bool, is_at_school: bool, is_taken: bool
) -> str:
    """Return why a slot cannot be booked, "" where it can."""
    if not is_at_school:
        return NOT_AT_SCHOOL
    if starts_at <= at:
        return PAST
    if starts_at > at + dt.timedelta(days=ahead_days):
        return TOO_FAR
    return TAKEN if is_dropped or is_taken else ""


def part_of_day(start: dt.datetime, during: str) -> str:
    """Return which part of a day an hour lies in; `start` on the school's clock, `during` as in `states.During`."""
    if during == AFTER_SCHOOL:
        return AFTER_SCHOOL
    return MORNING if start.hour < dt.time(12).hour else AFTERNOON


def suits(start: dt.datetime, during: str, weekdays: str, parts: Iterable[str]) -> bool:
    """Does an hour suit a wish? `weekdays` are digits, 1 is Monday; an empty wish suits any day, any part of it."""
    wished = frozenset(parts)
    is_day = not weekdays or str(start.isoweekday()) in weekdays
    return is_day and (not wished or part_of_day(start, during) in wished)


def tidied_weekdays(typed: str) -> str:
    """Return the weekdays of a wish, each once and in order; what is no weekday is left out."""
    return "".join(sorted(set(typed) & set("1234567")))


def tidied_parts(typed: Iterable[str]) -> str:
    """Return the parts of a day of a wish as they are kept, each once; what is none is left out."""
    asked = frozenset(typed)
    return " ".join(part for part in (MORNING, AFTERNOON, AFTER_SCHOOL) if part in asked)
