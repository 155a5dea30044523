"""The queue's order by likelihood: within one day alone, never past a clock that runs out earlier."""

import datetime as dt
from importlib import import_module

import pytest

from xinqiao.care.alerts import weighing
from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.selectors import queue
from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.alerts.weighing import Weights
from xinqiao.engines.triage import Ratio, Reason
from xinqiao.foundation.core import ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def flagged(world, monkeypatch):
    """Signals that a flag raised: "much" multiplies the odds by ten, "little" by two, "unknown" by nothing."""
    ratios = {
        (scale, "over"): Ratio(scale, "over", scale, value, value, value, 1.0, "published", "invented")
        for scale, value in (("much", 10.0), ("little", 2.0))
    }
    monkeypatch.setattr(weighing, "_weighers", [lambda schools: {place: Weights(ratios, {}) for place in schools}])

    def write(student, scale, at, evidence=50):
        signal = prepare_signal(
            student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id,
            source="screening", urgency="yellow", evidence=evidence, basis=[Reason("flag", scale, ("over",))],
            origin_kind="sitting", origin_id=ids.new_id(), once=f"screening:{ids.new_id()}", at=at,
        )  # fmt: skip
        signal.save(force_insert=True)

    return write


def order(world, now):
    return [row.student_id for row in queue(world.actor("psych"), now)]


def test_of_those_of_one_day_whoever_is_likelier_in_need_comes_first(world, flagged, frozen):
    a, b, c = world.students
    flagged(a, "unknown", frozen - dt.timedelta(minutes=9), evidence=99)
    flagged(b, "little", frozen - dt.timedelta(minutes=6))
    flagged(c, "much", frozen)
    tell_new_signals(frozen)
    assert order(world, frozen) == [c.id, b.id, a.id]


def test_control_without_ratios_the_clock_orders_them(world, flagged, frozen, monkeypatch):
    a, b, c = world.students
    monkeypatch.setattr(weighing, "_weighers", [])
    flagged(a, "unknown", frozen - dt.timedelta(minutes=9))
    flagged(b, "little", frozen - dt.timedelta(minutes=6))
    flagged(c, "much", frozen)
    tell_new_signals(frozen)
    assert order(world, frozen) == [a.id, b.id, c.id]


def test_nobody_overtakes_a_clock_that_runs_out_on_an_earlier_day(world, flagged, frozen):
    a, b, _c = world.students
    flagged(a, "little", frozen - dt.timedelta(days=3))
    flagged(b, "much", frozen)
    tell_new_signals(frozen)
    assert order(world, frozen) == [a.id, b.id]


def test_control_an_order_by_likelihood_alone_would_let_them_overtake(world, flagged, frozen, monkeypatch):
    a, b, _c = world.students
    module = import_module("xinqiao.care.alerts.selectors.queue")
    monkeypatch.setattr(module, "_order", lambda row: -row.likelihood.share)
    flagged(a, "little", frozen - dt.timedelta(days=3))
    flagged(b, "much", frozen)
    tell_new_signals(frozen)
    assert order(world, frozen) == [b.id, a.id]


def test_a_reader_without_results_learns_no_share(world, flagged, frozen, monkeypatch):
    flagged(world.students[0], "much", frozen)
    tell_new_signals(frozen)
    (row,) = queue(world.actor("psych"), frozen)
    assert row.likelihood.in_100 == 34  # odds 1/19 x 10
    monkeypatch.setattr("xinqiao.foundation.access.actors.Actor.can", lambda *_args, **_more: False)
    (row,) = queue(world.actor("psych"), frozen)
    assert row.likelihood is None
