"""The week view: seven days with their shifts and gaps."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from xinqiao.register.duty.models import DutyRole
from xinqiao.register.duty.selectors import Gap, ShiftRow, gaps, shifts_between


@dataclass(frozen=True)
class Day:
    """One day of the week view. `gaps` are stretches still to come in which nobody has the psychology duty."""

    on: dt.date
    is_today: bool
    shifts: tuple[ShiftRow, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class WeekSpan:
    """A week that begins on a Monday, between its neighbours."""

    first_on: dt.date

    @property
    def before(self) -> str:
        """Monday of the week before, for an address."""
        return (self.first_on - dt.timedelta(days=7)).isoformat()

    @property
    def after(self) -> str:
        """Monday of the week after, for an address."""
        return (self.first_on + dt.timedelta(days=7)).isoformat()


@dataclass(frozen=True)
class Week(WeekSpan):
    """Monday to Sunday."""

    days: tuple[Day, ...]

    @property
    def is_empty(self) -> bool:
        """Is nobody on duty all week?"""
        return not any(day.shifts for day in self.days)


def week_of(place: str, day: dt.date, now: dt.datetime) -> Week:
    """Return the week of a school that holds a day."""
    first = day - dt.timedelta(days=day.weekday())
    zone = timezone.get_default_timezone()
    starts = [dt.datetime.combine(first + dt.timedelta(days=ahead), dt.time(), zone) for ahead in range(8)]
    rows = shifts_between(place, starts[0], starts[7])
    days = [_day(rows, starts[index], starts[index + 1], now) for index in range(7)]
    return Week(first, tuple(days))


def _day(rows: list[ShiftRow], start: dt.datetime, end: dt.datetime, now: dt.datetime) -> Day:
    on_it = tuple(row for row in rows if row.start_at < end and row.end_at > start)
    open_from = max(start, now)
    missing = tuple(gaps(on_it, DutyRole.PSYCHOLOGY, open_from, end)) if on_it and open_from < end else ()
    return Day(start.date(), is_today=start <= now < end, shifts=on_it, gaps=missing)
