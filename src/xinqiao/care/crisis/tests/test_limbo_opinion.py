"""What the public says waits under a clock that the proof knows, and every planted breakage is found by its name."""

from collections.abc import Callable

import pytest

from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.crisis.tests.test_limbo import rows, unconstrained
from xinqiao.care.incidents.models import Incident, OpinionItem
from xinqiao.care.incidents.services.opening import open_incident
from xinqiao.care.incidents.tests.conftest import MINUTE, draft
from xinqiao.care.incidents.tests.speaking import Speaking
from xinqiao.foundation.core import clock, ids
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline

pytestmark = pytest.mark.django_db


class Lived:
    """An incident with an item found, one judged, one answered, one closed, and a message that waits; what was due in
    the first hours has climbed."""

    def __init__(self, world) -> None:
        made = open_incident(world.school, actor=world.actor("head"), draft=draft(world))
        self.it = Speaking(world, made)
        self.found, self.judged, self.answered, self.closed = (self.it.collect() for _each in range(4))
        for item in (self.judged, self.answered, self.closed):
            self.it.judge(item)
        for item in (self.answered, self.closed):
            self.it.answer(item)
        self.it.close(self.closed)
        self.it.begin()
        self.it.settle_all()
        self.now = made.opened_at + 60 * MINUTE
        with clock.frozen(self.now):
            assert climb_due(self.now)

    def codes(self):
        return {fault.code for fault in prove(self.now).faults}


@pytest.fixture
def lived(world):
    return Lived(world)


def test_what_was_lived_as_it_should_be_has_no_fault(lived):
    assert prove(lived.now).faults == ()


def clock_of(item):
    return rows(Deadline).filter(subject_id=item.pk, met_at=None, cancelled_at=None)


PLANTED: dict[str, Callable[[Lived], object]] = {
    "incident_without_clock": lambda it: clock_of(it.found).delete(),
    "opinion_clock_of_another_step": lambda it: clock_of(it.judged).update(kind="opinion_close"),
    "opinion_of_nobody": lambda it: rows(OpinionItem).filter(pk=it.judged.pk).update(answerer=ids.new_id()),
    "waits_in_a_closed_incident": lambda _it: unconstrained(lambda: rows(Incident).update(state="closed")),
    "draft_left_in_a_closed_incident": lambda _it: unconstrained(lambda: rows(Incident).update(state="closed")),
    "clock_after_the_end": lambda it: (
        rows(Deadline)
        .filter(subject_id=it.closed.pk, kind="opinion_close")
        .update(met_at=None, next_climb_at=it.now + MINUTE)
    ),
    "clock_without_subject": lambda it: clock_of(it.answered).update(subject_id=ids.new_id()),
    "due_at_the_wrong_minute": lambda it: clock_of(it.judged).update(
        original_due_at=it.now + MINUTE, due_at=it.now + MINUTE
    ),
    "never_climbed": lambda it: clock_of(it.judged).update(due_at=it.now - 5 * MINUTE),
    "rung_without_climb": lambda it: clock_of(it.found).update(rung=2),
}


@pytest.mark.parametrize("code", PLANTED)
def test_each_planted_breakage_is_found_by_its_name(lived, code):
    assert code not in lived.codes()
    PLANTED[code](lived)
    assert code in lived.codes()
