"""What waits about booked hours is proved to be seen; each planted breakage is found by its name."""

import datetime as dt

import pytest

from xinqiao.care.centre.models import RosterHour, Waiting
from xinqiao.care.centre.rows import every_slot
from xinqiao.care.centre.services.bookings import book_slot, note_missed
from xinqiao.care.centre.services.roster import write_term
from xinqiao.care.centre.services.waiting import give_hour, wait_for_hour
from xinqiao.care.centre.tests.conftest import with_pattern, with_rooms, with_term
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.crisis.tests.test_limbo import rows
from xinqiao.foundation.core import clock
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.people.models import Student


@pytest.fixture
def lived(world):
    """One pupil did not come and the clock climbed, another one comes in two days, one waits for an hour and one was
    given one; the moment of the proof."""
    with_pattern(with_term(world), with_rooms(world))
    write_term(world.school, actor=world.actor("head"))
    slots = list(every_slot().order_by("start_at"))
    missed = book_slot(world.students[0], actor=world.actor("teacher"), slot_id=slots[0].id)
    book_slot(world.students[1], actor=world.actor("teacher"), slot_id=slots[-1].id)
    wait_for_hour(world.students[1], actor=world.actor("teacher"))
    given = wait_for_hour(world.students[0], actor=world.actor("teacher"))
    give_hour(given, actor=world.actor("psych"), slot_id=slots[-2].id)
    with clock.frozen(slots[0].start_at + dt.timedelta(minutes=20)):
        note_missed(missed, actor=world.actor("psych"))
    due = rows(Deadline).get(subject_id=missed.id).due_at
    with clock.frozen(due):
        climb_due(due)
    return due + dt.timedelta(seconds=30)


def codes(at):
    return {fault.code for fault in prove(at).faults}


def test_what_was_lived_as_it_should_be_has_no_fault(lived):
    assert codes(lived) == set()
    looked_at = prove(lived).looked_at
    assert (looked_at["bookings"], looked_at["waitings"]) == (3, 2)


def unclocked(_world):
    rows(Deadline).filter(kind="missed_hour").update(cancelled_at=clock.now(), next_climb_at=None)


def deserted(world):
    rows(RosterHour).update(dropped_at=clock.now())


def left(world):
    rows(Student).filter(pk=world.students[1].id).update(status="left")


def forgotten(_world):
    rows(Deadline).filter(kind="waiting_hour").update(cancelled_at=clock.now(), next_climb_at=None)


def never_clocked(_world):
    rows(Waiting).filter(state="waiting").update(clocked_at=None)
    forgotten(_world)


def clock_runs_on(_world):
    rows(Waiting).filter(state="waiting").update(state="left")


@pytest.mark.parametrize(
    ("plant", "code"),
    [
        (unclocked, "missed_without_clock"), (deserted, "booked_with_nobody"), (left, "booked_by_nobody"),
        (left, "waited_by_nobody"), (forgotten, "waits_without_clock"), (never_clocked, "waits_without_clock"),
        (clock_runs_on, "clock_after_the_end"),
    ],
)  # fmt: skip
def test_control_each_planted_breakage_is_found(world, lived, plant, code):
    plant(world)
    assert code in codes(lived)
