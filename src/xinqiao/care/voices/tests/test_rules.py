"""What follows from what was said, and when a report is missing: pure."""

import datetime as dt

import pytest

from xinqiao.care.voices import rules
from xinqiao.register.policy.parameters import CommitteeRules, HelpRules

MONDAY = dt.date(2026, 11, 23)
COMMITTEE = CommitteeRules(
    seats=2, report_every_days=7, due_weekday=5, worry="yellow", grave_worry="red", grave_kinds=("hurt",),
    name_within=None, name_grave_within=None,
)  # fmt: skip


@pytest.mark.parametrize(("kinds", "urgency"), [(("low",), "yellow"), (("low", "hurt"), "red")])
def test_a_worry_is_as_urgent_as_the_gravest_thing_in_it(kinds, urgency):
    assert rules.urgency_of_worry(kinds, COMMITTEE) == urgency
    assert rules.is_grave(kinds, COMMITTEE) is (urgency == "red")


def test_the_writer_stands_in_no_reason():
    worry = rules.Worry(("low",), "小禾", "不说话")
    texts = [text for reason in rules.reasons_of_worry(worry) for text in reason.details]
    assert texts == ["low", "不说话"]
    unnamed = [text for reason in rules.reasons_of_unnamed(worry) for text in reason.details]
    assert unnamed == ["low", "小禾", "不说话"]  # the control: on the writer's own signal it is said who is meant


def test_what_a_call_rests_on():
    call = rules.Call("friend", "week", is_hurt=True, where="宿舍", words="陪陪她")
    assert [reason.code for reason in rules.reasons_of_call(call)] == [
        "called",
        "called_hurt",
        "called_from",
        "own_words",
    ]
    assert rules.urgency_of_call(call, HelpRules(), usual="orange") == "red"
    bare = rules.Call("self", "week", is_hurt=False, where="", words="")
    assert [reason.code for reason in rules.reasons_of_call(bare)] == ["called"]
    assert rules.urgency_of_call(bare, HelpRules(), usual="orange") == "orange"


@pytest.mark.parametrize(
    ("today", "reported", "is_missing"),
    [
        (MONDAY + dt.timedelta(days=4), (), False),  # Friday itself is still open
        (MONDAY + dt.timedelta(days=5), (), True),
        (MONDAY + dt.timedelta(days=5), (MONDAY,), False),
        (MONDAY + dt.timedelta(days=5), (MONDAY - dt.timedelta(days=7),), True),
    ],
)
def test_a_report_is_missing_from_the_day_after_it_was_due(today, reported, is_missing):
    found = rules.is_missing(MONDAY, set(reported), every_days=7, due_weekday=5, today=today)
    assert found is is_missing


def test_where_two_weeks_are_asked_the_week_after_a_report_is_covered():
    earlier = {MONDAY - dt.timedelta(days=7)}
    assert rules.is_covered(MONDAY, earlier, 14)
    assert not rules.is_covered(MONDAY, earlier, 7)
    assert not rules.is_covered(MONDAY - dt.timedelta(days=14), earlier, 14)


def test_nobody_is_missed_before_there_was_a_member():
    week, day = MONDAY, dt.timedelta(days=1)
    assert rules.had_member(week, [(week, None)], 5)
    assert rules.had_member(week, [(week - 9 * day, week + day)], 5)
    assert not rules.had_member(week, [(week + 4 * day, None)], 5)  # appointed on the day it is due
    assert not rules.had_member(week, [(week - 9 * day, week)], 5)  # ended before
    assert not rules.had_member(week, [], 5)


def test_chairs_are_filled_from_the_first():
    assert rules.free_chair(set(), 2) == 1
    assert rules.free_chair({1}, 2) == 2
    assert rules.free_chair({2}, 2) == 1
    assert rules.free_chair({1, 2}, 2) is None


def test_nothing_is_settled_without_its_reason_or_twice():
    assert rules.refusal_to_set_aside(state="open", reason="不知道") == rules.NEEDS_REASON
    assert rules.refusal_to_set_aside(state="open", reason="问过了，说的是外校的人") is None
    assert rules.refusal_to_set_aside(state="named", reason="问过了，说的是外校的人") == rules.SETTLED_ALREADY
    assert rules.refusal_to_name(state="open", is_same_school=True, is_writer=False) is None
    assert rules.refusal_to_name(state="open", is_same_school=False, is_writer=False) == rules.ANOTHER_SCHOOL
    assert rules.refusal_to_name(state="open", is_same_school=True, is_writer=True) == rules.IS_THE_WRITER
