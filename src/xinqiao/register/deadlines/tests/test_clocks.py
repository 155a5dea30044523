"""Clocks: begun with that day's policy, met once, climbed once, moved only in the child's favour."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock, ids
from xinqiao.register.deadlines.climbing import clock_climbed
from xinqiao.register.deadlines.jobs import climb as climb_job
from xinqiao.register.deadlines.jobs import redate as redate_job
from xinqiao.register.deadlines.jobs.climb import SomeDidNotClimb, climb_due
from xinqiao.register.deadlines.jobs.redate import redate_open
from xinqiao.register.deadlines.kinds import running_from
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.deadlines.selectors import running_clocks
from xinqiao.register.deadlines.services.clocks import (
    NoSuchClock,
    cancel_deadlines,
    hasten_climb,
    meet_deadline,
    open_clocks,
    start_deadline,
)
from xinqiao.register.orgs.models import CalendarDay
from xinqiao.register.orgs.services.units import build_unit
from xinqiao.register.policy.selectors import parameters_for

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def school(db):
    with clock.frozen(MONDAY):
        unit = build_unit(None, "school", "s1", "学校")
        unit.save(force_insert=True)
        yield unit


@pytest.fixture
def start(school):
    def begin(kind="acknowledge", urgency="red", began_at=MONDAY, subject=None, due_at=None):
        parameters = parameters_for(school.path, began_at.date())
        return start_deadline(
            kind, subject_kind="thing", subject_id=subject or ids.new_id(), place=school.path,
            county_id=school.shard_id, urgency=urgency, parameters=parameters, began_at=began_at, due_at=due_at,
        )  # fmt: skip

    return begin


@pytest.fixture
def heard(monkeypatch):
    climbs = []
    monkeypatch.setattr(clock_climbed, "_receivers", [lambda payload: climbs.extend(payload)])
    return climbs


def fresh(row):
    return Deadline.objects.for_system(reason="test").get(pk=row.pk)


def test_it_keeps_what_it_began_with(start):
    row = start()
    running = running_from(row.parameters)
    assert (running.within.kind, running.within.amount) == ("minutes", 15)
    assert running.recipients(0) == ("psychology_on_duty", "lead_on_duty")
    assert row.pack_revision.startswith("national-default@2026.1#")


def test_starting_it_again_returns_the_one_that_runs(start):
    subject = ids.new_id()
    assert start(subject=subject).id == start(subject=subject).id


def test_the_database_refuses_two_of_a_kind(start):
    row = start()
    twin = fresh(row)
    twin.pk = twin.id = ids.new_id()
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_a_clock_that_the_policy_does_not_set_is_refused(start):
    with pytest.raises(NoSuchClock):
        start("guardian", "yellow")


def test_orange_waits_for_the_schools_own_calendar(start, school):
    CalendarDay.objects.create(unit=school, day=dt.date(2026, 11, 24), is_school_day=False, reason="运动会补休")
    assert start(urgency="orange").due_at == dt.datetime(2026, 11, 25, 15, 59, tzinfo=dt.UTC)


def test_it_climbs_when_due_and_not_a_minute_before(start, heard):
    start()
    assert climb_due(MONDAY + 14 * MINUTE) == []
    assert [climb.rung for climb in climb_due(MONDAY + 15 * MINUTE)] == [1]
    assert [climb.recipients for climb in heard] == [("principal",)]


def test_climbing_twice_in_the_same_moment_climbs_once(start, heard):
    row = start()
    climb_due(MONDAY + 15 * MINUTE)
    climb_due(MONDAY + 15 * MINUTE)
    assert (fresh(row).rung, len(heard)) == (1, 1)


def test_a_second_ticker_that_read_the_same_rung_writes_nothing(start, heard):
    row = start()
    stale = fresh(row)
    climb_due(MONDAY + 15 * MINUTE)
    assert climb_job._next_rung(stale, MONDAY + 15 * MINUTE) is None
    assert fresh(row).rung == 1


def test_without_the_condition_on_the_rung_it_would_climb_twice(start, heard, monkeypatch):
    row = start()
    stale = fresh(row)
    climb_due(MONDAY + 15 * MINUTE)

    class Unconditional:
        def filter(self, **conditions):
            conditions.pop("rung", None)
            return Deadline.objects.for_system(reason="test").filter(**conditions)

    monkeypatch.setattr(climb_job, "open_clocks", Unconditional)
    assert climb_job._next_rung(stale, MONDAY + 15 * MINUTE) is not None


def test_each_climb_can_be_read_afterwards_to_the_minute(start, heard):
    row = start()
    at = MONDAY
    for _ in range(4):
        at = fresh(row).next_climb_at
        with clock.frozen(at):
            climb_due(at)
    events = list(AuditEvent.objects.filter(event="deadlines.clock.climbed").order_by("at"))
    assert [event.at - MONDAY for event in events] == [15 * MINUTE, 30 * MINUTE, 45 * MINUTE, 75 * MINUTE]
    assert [f'"rung": {n}' in event.facts for n, event in enumerate(events, 1)] == [True, True, True, True]


def test_after_a_standstill_it_climbs_one_rung_at_a_time(start, heard):
    row = start()
    climb_due(MONDAY + 600 * MINUTE)
    assert fresh(row).rung == 1
    assert fresh(row).next_climb_at == MONDAY + 615 * MINUTE


def test_a_receiver_that_fails_holds_up_its_own_clock_only(start, monkeypatch):
    bad, good = start(), start()

    def stumble(climbs):
        if climbs[0].subject_id == bad.subject_id:
            raise RuntimeError("no")

    monkeypatch.setattr(clock_climbed, "_receivers", [stumble])
    with pytest.raises(SomeDidNotClimb):
        climb_due(MONDAY + 15 * MINUTE)
    assert (fresh(bad).rung, fresh(good).rung) == (0, 1)


def test_met_is_met_once_and_ends_the_climb(start, heard):
    row = start()
    by = ids.new_id()
    assert meet_deadline("acknowledge", row.subject_id, at=MONDAY, by=by)
    assert not meet_deadline("acknowledge", row.subject_id, at=MONDAY + MINUTE, by=ids.new_id())
    assert fresh(row).met_by == by
    assert climb_due(MONDAY + 600 * MINUTE) == []


def test_cancelling_keeps_the_reason(start):
    row = start()
    assert cancel_deadlines(row.subject_id, at=MONDAY, reason="closed_known") == 1
    assert fresh(row).cancel_reason == "closed_known"
    assert running_clocks([row.subject_id], MONDAY) == {}


def test_hastening_moves_forward_only_and_below_a_rung_only(start, heard):
    row = start()
    assert hasten_climb("acknowledge", row.subject_id, at=MONDAY, below_rung=1)
    climb_due(MONDAY)
    assert not hasten_climb("acknowledge", row.subject_id, at=MONDAY, below_rung=1)


# ---- re-dating


def under(policy, **clocks):
    """The policy with other acknowledgement clocks."""
    from dataclasses import replace

    tables = {name: replace(policy.clocks[name], **change) for name, change in clocks.items()}
    return replace(policy, revision="stricter@1#000000000000", clocks={**policy.clocks, **tables})


@pytest.fixture
def policy_becomes(monkeypatch, school):
    from xinqiao.engines.schedule import ClockRule

    def change(minutes):
        policy = under(parameters_for(school.path, MONDAY.date()), red={"acknowledged": ClockRule("minutes", minutes)})
        monkeypatch.setattr(redate_job, "parameters_for", lambda place, on: policy)

    return change


def test_a_stricter_policy_brings_running_clocks_forward_and_keeps_both_dates(start, policy_becomes):
    row = start()
    policy_becomes(5)
    assert redate_open(MONDAY + MINUTE) == 1
    moved = fresh(row)
    assert moved.due_at == moved.next_climb_at == MONDAY + 5 * MINUTE
    assert moved.original_due_at == MONDAY + 15 * MINUTE
    assert moved.pack_revision.startswith("national-default@")
    assert moved.redated_for == "stricter@1#000000000000"
    assert redate_open(MONDAY + MINUTE) == 0


def test_a_laxer_policy_moves_nothing(start, policy_becomes):
    row = start()
    policy_becomes(60)
    assert redate_open(MONDAY + MINUTE) == 0
    assert fresh(row).due_at == MONDAY + 15 * MINUTE


def test_never_into_the_past(start, policy_becomes):
    row = start()
    policy_becomes(5)
    redate_open(MONDAY + 10 * MINUTE)
    assert fresh(row).due_at == MONDAY + 10 * MINUTE


def test_a_clock_that_was_met_is_left_alone(start, policy_becomes):
    row = start()
    meet_deadline("acknowledge", row.subject_id, at=MONDAY, by=None)
    policy_becomes(5)
    assert redate_open(MONDAY + MINUTE) == 0
    assert not open_clocks().exists()
    assert fresh(row).redated_for == ""
