"""The working calendar: weekdays, less holidays, plus make-up days, and over all of it what the school itself says.

Vacations do not stop a clock by themselves: a child who was flagged on the last day of term is not left until
September. A school that wants a day to count as free says so in its calendar.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MONDAY_TO_FRIDAY = frozenset(range(5))
# A clock that finds no school day for so long was given a calendar that cannot be meant.
LONGEST_SEARCH_DAYS = 400
END_OF_DAY = dt.time(23, 59)


class CalendarExhausted(ValueError):
    """The calendar holds no school day within 400 days."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """`exceptions` says of single days whether they are school days; all others follow `weekdays` (0 = Monday)."""

    exceptions: Mapping[dt.date, bool] = field(default_factory=dict)
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY

    def is_school_day(self, day: dt.date) -> bool:
        """Is school held on this day?"""
        return self.exceptions.get(day, day.weekday() in self.weekdays)

    def next_school_day(self, after: dt.date) -> dt.date:
        """Return the first school day later than `after`; raise CalendarExhausted if there is none in 400 days."""
        for ahead in range(1, LONGEST_SEARCH_DAYS + 1):
            day = after + dt.timedelta(days=ahead)
            if self.is_school_day(day):
                return day
        raise CalendarExhausted(after.isoformat())


def working_calendar(
    holidays: Iterable[dt.date] = (),
    make_up_days: Iterable[dt.date] = (),
    overrides: Mapping[dt.date, bool] | None = None,
) -> WorkingCalendar:
    """Return a calendar: published holidays and make-up days, then the school's own days, which win over both."""
    exceptions = dict.fromkeys(holidays, False)
    exceptions.update(dict.fromkeys(make_up_days, True))
    exceptions.update(overrides or {})
    return WorkingCalendar(exceptions)


def end_of_day(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Return the last minute of a local day as an aware moment."""
    return dt.datetime.combine(day, END_OF_DAY, tzinfo=zone)


def school_days_between(first: dt.date, last: dt.date, calendar: WorkingCalendar) -> int:
    """Return how many school days lie after `first`, up to and with `last`."""
    days = (first + dt.timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
    return sum(calendar.is_school_day(day) for day in days)


def add_school_days(start_at: dt.datetime, count: int, calendar: WorkingCalendar, zone: dt.tzinfo) -> dt.datetime:
    """Return the end of the `count`-th school day after the local day of `start_at` (aware).

    Zero means the same day, or the next school day where none is held that day. What begins on a free day therefore
    waits as long as what begins on the school day before it. Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("school days are counted forward")
    day = start_at.astimezone(zone).date()
    if count == 0 and not calendar.is_school_day(day):
        count = 1
    for _ in range(count):
        day = calendar.next_school_day(day)
    return end_of_day(day, zone)
