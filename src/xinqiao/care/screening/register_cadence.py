"""How often pupils of the register are screened in a term, by which day, and where a school stands. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum
from uuid import UUID

from xinqiao.care.screening.cadence import DueState, due_days, due_state, next_due


class Told(StrEnum):
    """What is said of a school above it: whether something is due, never whether anybody is on its register."""

    NOTHING = "nothing"
    SOON = "soon"
    LATE = "late"


def last_day(term: tuple[dt.date, dt.date], days_before_end: int) -> dt.date:
    """Return the last day by which a term [first, after) asks for its screenings, never before the term begins."""
    return max(term[0], term[1] - dt.timedelta(days=days_before_end + 1))


def days_of_term(times: int, term: tuple[dt.date, dt.date], days_before_end: int) -> tuple[dt.date, ...]:
    """Return by which day each of `times` screenings of a term is to be held."""
    after = last_day(term, days_before_end) + dt.timedelta(days=1)
    return due_days(times, term[0], after)


def fewest(members: Iterable[UUID], settled: Mapping[UUID, int], times: int) -> int:
    """Return how often everyone on the register was asked this term; as often as wanted where nobody is on it.

    `settled` counts by pupil the screenings handed in, or ended with a reason why not.
    """
    return min((settled.get(member, 0) for member in members), default=times)


def state_of(
    done: int, days: tuple[dt.date, ...], on: dt.date, remind_days_before: int, *, is_running: bool
) -> tuple[dt.date | None, DueState]:
    """Return by which day the next screening is due and where the school stands."""
    due_on = next_due(done, days)
    return due_on, due_state(due_on, on, remind_days_before, is_running=is_running)


def told(state: DueState) -> Told:
    """Return what is said of a school above it. That one runs is not said: it would tell who is called out."""
    return {DueState.LATE: Told.LATE, DueState.SOON: Told.SOON}.get(state, Told.NOTHING)
