"""The small world under a frozen clock, and the raising of signals as the intake does it."""

import pytest

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.engines.triage import Reason
from xinqiao.foundation.core import clock, ids
from xinqiao.register.duty.tests.world import MONDAY_10, World, build_world


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen) -> World:
    return build_world()


@pytest.fixture
def raise_one(world):
    """Write a signal as the intake does: the row alone, nobody told."""

    def write(urgency="red", student=None, at=None, evidence=50, source="critical_answer") -> Signal:
        child = student or world.students[0]
        origin = ids.new_id()
        signal = prepare_signal(
            student_id=child.id, county_id=child.county_id, place=child.place, key_id=child.key_id, source=source,
            urgency=urgency, evidence=evidence, basis=[Reason("critical_item", "phq-9", ("9",))],
            origin_kind="sitting", origin_id=origin, once=f"{source}:{origin}", at=at or clock.now(),
        )  # fmt: skip
        signal.save(force_insert=True)
        return signal

    return write
