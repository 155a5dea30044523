"""On which days the shipped windows open in a whole school year, against dates written by hand for two calendars."""

import datetime as dt

import pytest

from xinqiao.engines.schedule import Opening, TermSpan, WindowRule, openings, working_calendar
from xinqiao.register.policy.loading import packs


def days(first: str, count: int) -> list[dt.date]:
    return [dt.date.fromisoformat(first) + dt.timedelta(days=n) for n in range(count)]


def terms(*spans: tuple[str, str]) -> list[TermSpan]:
    return [TermSpan(2026, n, dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for n, (a, b) in enumerate(spans, 1)]


HOLIDAYS = [*days("2026-10-01", 7), dt.date(2027, 1, 1), *days("2027-05-01", 5)]
CITY = (
    terms(("2026-09-01", "2027-01-24"), ("2027-02-22", "2027-07-05")),
    working_calendar(HOLIDAYS, [dt.date(2026, 9, 20), dt.date(2026, 10, 10)]),
    {
        "term-start": ["2026-09-08", "2027-03-01"], "entry": ["2026-10-13"], "spring": ["2027-03-25"],
        "exams": ["2027-05-10"], "graduation": ["2027-06-07"], "after-holiday": ["2026-10-08"],
        "before-vacation": ["2027-01-11", "2027-06-21"], "epidemic": [], "disaster": [],
    },
)  # fmt: skip
# Other terms, and a week of its own in autumn.
FOREIGN = (
    terms(("2026-08-31", "2027-01-16"), ("2027-02-15", "2027-06-26")),
    working_calendar(HOLIDAYS, [], dict.fromkeys(days("2026-10-26", 5), False)),
    {
        "term-start": ["2026-09-07", "2027-02-22"], "entry": ["2026-10-12"], "spring": ["2027-03-25"],
        "exams": ["2027-05-06"], "graduation": ["2027-05-31"], "after-holiday": ["2026-10-08", "2026-11-02"],
        "before-vacation": ["2027-01-04", "2027-06-14"], "epidemic": [], "disaster": [],
    },
)  # fmt: skip


@pytest.mark.parametrize(("spans", "calendar", "expected"), [CITY, FOREIGN], ids=["city", "foreign"])
def test_the_shipped_windows_open_on_these_days(spans, calendar, expected):
    rounds = packs()[0].pack.rounds
    found = {
        window.code: [each.on.isoformat() for each in openings(window.rule(rounds.holiday_days.value), spans, calendar)]
        for window in rounds.windows.value
    }
    assert found == expected


def test_control_another_calendar_gives_other_days():
    assert CITY[2] != FOREIGN[2]
    rule = WindowRule("after_holiday", free_days=7)
    assert openings(rule, FOREIGN[0], CITY[1]) == [Opening("2026-1-1", dt.date(2026, 10, 8))]


def test_before_a_holiday_counts_back_and_stays_on_a_school_day():
    rule = WindowRule("before_holiday", days=4, free_days=7)
    assert [each.on for each in openings(rule, *CITY[:2])] == [dt.date(2026, 9, 28)], "the 27th is a Sunday"


def test_an_occasion_stays_the_same_when_the_calendar_is_corrected():
    rule = WindowRule("after_term_start", days=7)
    moved = terms(("2026-09-03", "2027-01-24"), ("2027-02-22", "2027-07-05"))
    first, second = openings(rule, CITY[0], CITY[1]), openings(rule, moved, CITY[1])
    assert [each.occasion for each in first] == [each.occasion for each in second] == ["2026-1", "2026-2"]
    assert first[0].on != second[0].on


def test_two_holidays_of_one_month_are_two_occasions():
    rule = WindowRule("after_holiday", free_days=7)
    assert len({each.occasion for each in openings(rule, *FOREIGN[:2])}) == 2


def test_only_the_terms_that_are_named():
    rule = WindowRule("before_term_end", terms=(2,), days=14)
    assert [each.occasion for each in openings(rule, *CITY[:2])] == ["2026-2"]


def test_a_term_shorter_than_the_window_opens_on_its_first_school_day_or_never():
    short = terms(("2026-09-05", "2026-09-09"))
    assert [each.on for each in openings(WindowRule("before_term_end", days=60), short, CITY[1])] == [
        dt.date(2026, 9, 7)
    ]
    assert openings(WindowRule("after_term_start", days=60), short, CITY[1]) == []
