"""Flags to expect, talks a school can hold, and the pace by class."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinqiao.engines.capacity import (
    CapacityRules,
    ClassLoad,
    Pace,
    days_to_wait,
    days_until_clear,
    flag_share,
    pace,
    paced,
    wave_share,
)

RULES = CapacityRules(talk_minutes=40, talk_hours_a_day=4, prevalence_percent=5, fewest_pupils=30)
MONDAY = dt.date(2026, 11, 23)
DAYS = tuple(MONDAY + dt.timedelta(days=7 * week + day) for week in range(40) for day in range(5))


def load(number: int, flags: float) -> ClassLoad:
    return ClassLoad(UUID(int=number), flags)


loads = st.lists(st.floats(0, 20), max_size=24).map(lambda flags: [load(n, each) for n, each in enumerate(flags)])
sitting = st.integers(0, 2**60 - 1).map(lambda bits: frozenset(day for n, day in enumerate(DAYS) if bits >> n & 1))
talks = st.integers(1, 24)
# A busy machine draws slowly; that says nothing about the rule.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def over_capacity(found: Pace, classes: list[ClassLoad], talks_a_day: int) -> list[dt.date]:
    """Return the days on which more wait than can be talked to, though not a single class alone brought them."""
    flags = {each.class_id: each.flags for each in classes}
    waiting, faults = 0.0, []
    for day in DAYS:
        of_day = [flags[class_id] for class_id, at in found.days if at == day and flags[class_id] > 1e-6]
        is_alone = len(of_day) == 1 and waiting <= 1e-6
        if of_day and waiting + sum(of_day) > talks_a_day + 1e-5 and not is_alone:
            faults.append(day)
        waiting = max(0.0, waiting + sum(of_day) - talks_a_day)
    return faults


@unhurried
@given(loads, sitting, talks)
def test_nobody_waits_behind_more_than_can_be_talked_to(classes, days, talks_a_day):
    assert over_capacity(paced(classes, DAYS, days, talks_a_day), classes, talks_a_day) == []


@unhurried
@given(loads, sitting, talks)
def test_every_class_stands_exactly_once_and_in_order(classes, days, talks_a_day):
    found = paced(classes, DAYS, days, talks_a_day)
    assert [*(class_id for class_id, _day in found.days), *found.left] == [each.class_id for each in classes]
    assert [day for _class, day in found.days] == sorted(day for _class, day in found.days)


@unhurried
@given(loads, sitting, talks)
def test_classes_sit_only_on_days_on_which_they_may(classes, days, talks_a_day):
    assert {day for _class, day in paced(classes, DAYS, days, talks_a_day).days} <= days


@unhurried
@given(loads, talks)
def test_with_enough_days_nobody_is_left(classes, talks_a_day):
    long_enough = tuple(MONDAY + dt.timedelta(days=n) for n in range(600))
    assert paced(classes, long_enough, frozenset(long_enough), talks_a_day).left == ()


def test_control_without_the_rule_the_queue_outgrows_the_talks(monkeypatch):
    classes = [load(n, 4.0) for n in range(5)]
    assert over_capacity(paced(classes, DAYS, frozenset(DAYS), 6), classes, 6) == []
    monkeypatch.setattr(pace, "fits", lambda waiting, flags, talks_a_day: True)
    assert over_capacity(paced(classes, DAYS, frozenset(DAYS), 6), classes, 6) == [MONDAY]


def test_a_school_with_one_counsellor_and_three_hundred_pupils_of_whom_twelve_in_a_hundred_are_flagged_takes_six_days():
    classes = [load(n, 50 * 0.12) for n in range(6)]
    found = paced(classes, DAYS, frozenset(DAYS), RULES.talks_a_day(1))
    assert (found.sitting_days, found.last_day, found.left) == (6, dt.date(2026, 11, 30), ())


def test_a_class_that_alone_brings_more_than_a_day_of_talks_keeps_the_next_days_free():
    found = paced([load(1, 10.0), load(2, 1.0), load(3, 1.0)], DAYS, frozenset(DAYS), 6)
    assert [day for _class, day in found.days] == [DAYS[0], DAYS[1], DAYS[1]], "4 wait on Tuesday, two more fit"
    found = paced([load(1, 13.0), load(2, 13.0)], DAYS, frozenset(DAYS), 6)
    assert [day for _class, day in found.days] == [DAYS[0], DAYS[3]]


def test_talks_are_held_on_days_on_which_no_class_may_sit():
    found = paced([load(1, 12.0), load(2, 6.0)], DAYS, frozenset({DAYS[0], DAYS[4]}), 6)
    assert [day for _class, day in found.days] == [DAYS[0], DAYS[4]]


def test_where_nobody_can_talk_no_class_sits():
    assert paced([load(1, 1.0)], DAYS, frozenset(DAYS), 0) == Pace((), (UUID(int=1),))
    assert Pace(()).last_day is None


def test_published_shares_and_talks_a_day():
    assert round(2000 * flag_share(0.895, 0.775, RULES.prevalence)) == 517
    assert RULES.talks_a_day(1) == 6
    assert RULES.talks_a_day(2) == 12
    assert replace(RULES, talk_minutes=50).talks_a_day(2) == 8, "whole talks a person"
    assert RULES.hours_for(9) == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("answered", "flagged", "share"),
    [(29, 20, None), (30, 6, 0.2), (100, 12, 0.12), (100, 0, 0.05), (100, 4, 0.05), (100, 5, 0.05), (100, 100, 1.0)],
)
def test_the_share_of_an_earlier_screening_hides_a_handful(answered, flagged, share):
    assert wave_share(answered, flagged, RULES, 5) == share


@pytest.mark.parametrize(
    ("waiting", "talks_a_day", "days"),
    [(0, 6, 0), (0, 0, 0), (1, 6, 1), (6, 6, 1), (7, 6, 2), (517, 12, 44), (1, 0, None)],
)
def test_days_until_the_queue_is_clear(waiting, talks_a_day, days):
    assert days_until_clear(waiting, talks_a_day) == days


@pytest.mark.parametrize(
    ("waiting", "flags", "before", "later"),
    [(0, 6, 0, 0), (4, 2, 0, 0), (4, 3, 0, 1), (10, 3, 1, 1), (10, 2, 1, 0), (20, 10, 1, 3), (0, 99, 0, 0)],
)
def test_by_how_many_days_the_next_classes_should_wait(waiting, flags, before, later):
    assert days_to_wait(waiting, flags, before, 6) == later


@unhurried
@given(st.floats(0, 200), st.floats(0, 30), st.integers(0, 9), talks)
def test_the_advice_is_enough_and_not_more_than_needed(waiting, flags, before, talks_a_day):
    later = days_to_wait(waiting, flags, before, talks_a_day)

    def is_enough(days: int) -> bool:
        left = max(0.0, waiting - talks_a_day * (before + days))
        return left <= 1e-6 or left + flags <= talks_a_day + 1e-6

    assert is_enough(later)
    assert later == 0 or not is_enough(later - 1)
