"""The working calendar of a unit: published holidays and make-up days, under the days that the tree's units changed.

The published calendar comes from the library `chinese_calendar`, which knows the years for which the State Council has
published one. For any other year weekdays hold alone, and the page says so.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar
from django.utils import timezone

from xinqiao.engines.schedule import ClockRule, WorkingCalendar, due_at, working_calendar
from xinqiao.foundation.core.places import places_above
from xinqiao.register.orgs.models import CalendarDay

LONGEST_CLOCK_DAYS = 120


@dataclass(frozen=True)
class UnitCalendar:
    """A calendar and the years for which no holidays are published, where weekdays hold alone."""

    calendar: WorkingCalendar
    unpublished_years: tuple[int, ...]


@lru_cache(maxsize=32)
def published_days(year: int) -> tuple[tuple[dt.date, ...], tuple[dt.date, ...]] | None:
    """Return (holidays on weekdays, make-up days on weekends) of a year; None where nothing is published."""
    first = dt.date(year, 1, 1)
    days = [first + dt.timedelta(days=ahead) for ahead in range((dt.date(year + 1, 1, 1) - first).days)]
    try:
        worked = {day: bool(chinese_calendar.is_workday(day)) for day in days}
    except NotImplementedError:
        return None
    off = tuple(day for day in days if day.weekday() < 5 and not worked[day])
    on = tuple(day for day in days if day.weekday() >= 5 and worked[day])
    return off, on


def calendar_for(unit_path: str, years: Iterable[int]) -> UnitCalendar:
    """Return the calendar of a unit (by place) for some years; of several units' days the nearest wins."""
    wanted = sorted(set(years))
    published = {year: published_days(year) for year in wanted}
    known = [days for days in published.values() if days is not None]
    return UnitCalendar(
        calendar=working_calendar(
            holidays=(day for off, _on in known for day in off),
            make_up_days=(day for _off, on in known for day in on),
            overrides=_changed_days(unit_path, wanted),
        ),
        unpublished_years=tuple(year for year in wanted if published[year] is None),
    )


def _changed_days(unit_path: str, years: list[int]) -> dict[dt.date, bool]:
    if not years:
        return {}
    rows = CalendarDay.objects.filter(
        unit__path__in=places_above(unit_path), day__gte=dt.date(years[0], 1, 1), day__lte=dt.date(years[-1], 12, 31)
    )
    # Farther units first, so that the nearest is written last.
    ordered = sorted(rows.values_list("unit__path", "day", "is_school_day"), key=lambda row: len(row[0]))
    return {day: is_school_day for _path, day, is_school_day in ordered}


def zone() -> ZoneInfo:
    """Return the zone in which days begin and end."""
    return ZoneInfo(timezone.get_default_timezone_name())


def clock_due_at(rule: ClockRule, began_at: dt.datetime, unit_path: str) -> dt.datetime:
    """Return when a clock that began at `began_at` (aware) at a unit is due, by that unit's calendar."""
    if rule.kind != "school_days":
        return due_at(rule, began_at, WorkingCalendar(), zone())
    first = began_at.astimezone(zone()).date()
    last = first + dt.timedelta(days=LONGEST_CLOCK_DAYS)
    return due_at(rule, began_at, calendar_for(unit_path, range(first.year, last.year + 1)).calendar, zone())
