"""Clocks over nights, weekends, holidays and make-up days."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.engines.schedule import (
    CalendarExhausted,
    ClockRule,
    WorkingCalendar,
    add_school_days,
    due_at,
    minutes_left,
    redated,
    working_calendar,
)

ZONE = ZoneInfo("Asia/Shanghai")
# 2026: National Day 1–7 October (Thursday to Wednesday), worked on Saturday 10 October.
NATIONAL_DAY = working_calendar(
    holidays=[dt.date(2026, 10, day) for day in range(1, 8)], make_up_days=[dt.date(2026, 10, 10)]
)
PLAIN = WorkingCalendar()


def at(month, day, hour=10, minute=0):
    return dt.datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def end(month, day):
    return at(month, day, 23, 59)


@pytest.mark.parametrize(
    ("began", "count", "expected"),
    [
        (at(11, 23), 1, end(11, 24)),  # Monday → Tuesday
        (at(11, 27), 1, end(11, 30)),  # Friday → Monday
        (at(11, 28), 1, end(11, 30)),  # Saturday → Monday: no later than from Friday
        (at(11, 27, 23, 58), 1, end(11, 30)),
        (at(11, 23), 0, end(11, 23)),
        (at(11, 28), 0, end(11, 30)),  # no school that day: the next one
        (at(9, 30), 1, end(10, 8)),  # over the whole holiday
        (at(9, 30), 3, end(10, 10)),  # the make-up Saturday counts
        (at(10, 3), 1, end(10, 8)),
    ],
)
def test_school_days(began, count, expected):
    assert add_school_days(began, count, NATIONAL_DAY, ZONE) == expected


def test_without_the_holidays_the_same_clock_would_be_due_inside_them():
    assert add_school_days(at(9, 30), 1, PLAIN, ZONE) == end(10, 1)


def test_the_schools_own_days_win_over_the_published_ones():
    own = working_calendar(
        holidays=[dt.date(2026, 10, 1)], overrides={dt.date(2026, 10, 1): True, dt.date(2026, 10, 2): False}
    )
    assert own.is_school_day(dt.date(2026, 10, 1))
    assert not own.is_school_day(dt.date(2026, 10, 2))


def test_the_day_begins_where_the_school_is_not_in_greenwich():
    late_sunday_in_greenwich = dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC)  # Monday 01:00 in Shanghai
    assert add_school_days(late_sunday_in_greenwich, 1, PLAIN, ZONE) == end(11, 24)


def test_red_runs_through_nights_and_holidays():
    rule = ClockRule("minutes", 15)
    assert due_at(rule, at(10, 2, 23, 50), NATIONAL_DAY, ZONE) == at(10, 3, 0, 5)
    assert due_at(ClockRule("days", 2), at(10, 2), NATIONAL_DAY, ZONE) == at(10, 4)


@pytest.mark.parametrize(
    ("began", "expected"),
    [(at(11, 23, 10), end(11, 23)), (at(11, 23, 22), at(11, 24, 2)), (at(10, 3, 9), end(10, 3))],
)
def test_same_day_leaves_something_to_what_comes_late(began, expected):
    assert due_at(ClockRule("same_day", 240), began, NATIONAL_DAY, ZONE) == expected


@pytest.mark.parametrize(("kind", "amount"), [("minutes", 0), ("days", 0), ("minutes", -1), ("school_days", -1)])
def test_a_length_that_is_none_is_refused(kind, amount):
    with pytest.raises(ValueError, match=str(amount)):
        ClockRule(kind, amount)


def test_a_calendar_without_school_days_is_refused_not_searched_for_ever():
    with pytest.raises(CalendarExhausted):
        add_school_days(at(11, 23), 1, WorkingCalendar(weekdays=frozenset()), ZONE)


def test_minutes_left_round_down_and_turn_negative():
    assert minutes_left(at(11, 23, 10, 15), at(11, 23, 10, 0)) == 15
    assert minutes_left(at(11, 23, 10, 0), at(11, 23, 10, 1)) == -1


MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: at(1, 1) + dt.timedelta(minutes=minutes))


@given(due=MOMENTS, proposed=MOMENTS, now=MOMENTS)
def test_a_moved_clock_is_never_later_and_never_in_the_past(due, proposed, now):
    moved = redated(due, proposed, now)
    assert moved <= due
    assert moved >= min(now, due)


@given(due=MOMENTS, now=MOMENTS)
def test_an_overdue_clock_stays(due, now):
    if due <= now:
        assert redated(due, now, now) == due


@given(began=MOMENTS, count=st.integers(0, 30))
def test_more_days_are_never_due_earlier(began, count):
    first = add_school_days(began, count, NATIONAL_DAY, ZONE)
    second = add_school_days(began, count + 1, NATIONAL_DAY, ZONE)
    assert began <= first + dt.timedelta(minutes=1)
    assert first <= second
    assert NATIONAL_DAY.is_school_day(second.astimezone(ZONE).date())
