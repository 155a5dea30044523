"""The demo city's dates, on every day of three years."""

import datetime as dt

import pytest

from xinqiao.doors.demo import dates
from xinqiao.doors.demo.dates import ENDED_DAYS, RUNS_DAYS, RUNS_SINCE_DAYS, Dates, dates_around
from xinqiao.register.orgs.naming import school_year_of
from xinqiao.register.orgs.rules import refusal_to_set_year

DAYS = [dt.date(2026, 1, 1) + dt.timedelta(days=ahead) for ahead in range(3 * 365 + 1)]  # with 29 February


def windows(found: Dates) -> list[tuple[dt.date, dt.date]]:
    """The first and last day of each screening, in the order of time."""
    runs = found.today - dt.timedelta(days=RUNS_SINCE_DAYS)
    ended = (found.last_year_on, found.ended_on)
    return [*((day, day + dt.timedelta(days=ENDED_DAYS)) for day in ended), (runs, runs + dt.timedelta(days=RUNS_DAYS))]


def outside_terms(day: dt.date) -> list[tuple[dt.date, dt.date]]:
    found = dates_around(day)
    terms = [term for _, *both in found.years for term in both]
    return [(a, b) for a, b in windows(found) if not any(start <= a and b < end for start, end in terms)]


def test_every_screening_lies_inside_a_term():
    assert [day for day in DAYS if outside_terms(day)] == []


def test_control_with_the_usual_terms_the_holidays_are_without_a_screening(monkeypatch):
    monkeypatch.setattr(dates, "terms_holding", lambda terms, _window: terms)
    found = {day.month for day in DAYS if outside_terms(day)}
    assert {1, 2, 7, 8} <= found


def test_one_ends_before_the_next_begins():
    for day in DAYS:
        (_, last_over), (ended, ended_over), (runs, _) = windows(dates_around(day))
        assert last_over < ended, day
        assert ended_over < runs, day


def test_last_years_is_of_the_school_year_before():
    for day in DAYS:
        found = dates_around(day)
        assert school_year_of(found.last_year_on) == school_year_of(day) - 1, day


def test_the_calendar_is_one_that_the_product_would_accept():
    for day in DAYS:
        for starts_in, first, second in dates_around(day).years:
            assert refusal_to_set_year(first[0], second[1], [first, second]) == "", day
            assert first[0].year == starts_in, day


def test_everyone_is_there_before_the_first_thing_happens():
    for day in DAYS:
        found = dates_around(day)
        assert found.staff_since <= found.last_year_on - dt.timedelta(days=20), day
        assert found.entered_on(1) <= day - dt.timedelta(days=RUNS_SINCE_DAYS), day


@pytest.mark.parametrize(
    ("day", "term"),
    [
        ("2026-11-26", ("2026-09-01", "2027-01-24")),  # in term: nothing is moved
        ("2027-01-20", ("2026-09-01", "2027-02-04")),
        ("2027-02-10", ("2027-02-08", "2027-07-05")),
        ("2026-07-20", ("2026-02-22", "2026-08-04")),
        ("2026-08-20", ("2026-08-18", "2027-01-24")),
    ],
)
def test_only_the_nearer_term_is_lengthened(day, term):
    _, *terms = dates_around(dt.date.fromisoformat(day)).years[-1]
    assert tuple(dt.date.fromisoformat(part) for part in term) in terms
