"""No file rests unseen between two schools: clocks that climb, and the proof with a planted breakage for each check."""

import pytest

from xinqiao.care.crisis.limbo import rooms
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.transfers import following
from xinqiao.care.transfers.models import Arrival, Handover
from xinqiao.care.transfers.services.taking import acknowledge_files
from xinqiao.care.transfers.tests.conftest import DAY
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline

pytestmark = pytest.mark.django_db


def rows(model):
    return model.objects.for_system(reason="planted")


def codes():
    return {fault.code for fault in prove(clock.now()).faults}


def test_from_leaving_to_acknowledging_nothing_is_found(house):
    student = house.world.students[0]
    handover = house.leave(student)
    assert codes() == set()
    house.send(handover)
    assert codes() == set()
    arrival = rows(Arrival).get()
    house.take(arrival, house.enrol(student))
    assert not {each for each in codes() if each.startswith("file")}
    acknowledge_files(house.world.other_school, actor=house.other, arrival_ids=[arrival.id])
    assert not {each for each in codes() if each.startswith("file")}
    assert not rows(Deadline).filter(kind__startswith="file_", met_at=None).exists()


def live_past_the_day(house, kind):
    """A file that nobody decides on, or that nobody takes in, until its clock has climbed."""
    student = house.world.students[0]
    row = house.leave(student) if kind == "handover" else house.sent(student)
    with clock.frozen(row.due_at):
        climb_due(clock.now())
    return row


def demand_a_climb_is_heard(house, kind):
    """Whoever has to act hears, where the file rests, and the proof has nothing to say."""
    row = live_past_the_day(house, kind)
    with clock.frozen(row.due_at):
        event = "transfers.file.overdue" if kind == "handover" else "transfers.arrival.overdue"
        assert [each.place for each in AuditEvent.objects.filter(event=event)] == [row.place]
        assert codes() == set()


@pytest.mark.parametrize("kind", ["handover", "arrival"])
def test_a_file_that_rests_climbs(house, kind):
    demand_a_climb_is_heard(house, kind)


@pytest.mark.parametrize("kind", ["handover", "arrival"])
def test_control_a_climb_that_nobody_hears_is_found(house, monkeypatch, kind):
    monkeypatch.setattr(following, "send_neutral_word", lambda *_a, **_k: 0)
    with pytest.raises(AssertionError):
        demand_a_climb_is_heard(house, kind)
    with clock.frozen((rows(Handover) if kind == "handover" else rows(Arrival)).get().due_at):
        assert codes() == {"file_climb_to_nobody"}


def test_of_a_file_that_nobody_takes_in_the_sender_hears(house):
    arrival = live_past_the_day(house, "arrival")
    words = OutboxMessage.objects.for_system(reason="a test looks").filter(about_id=arrival.handover_id)
    assert {each.place for each in words} == {house.world.school.path}


def lose(it):
    rows(Deadline).filter(subject_id=it.id).update(met_at=clock.now(), next_climb_at=None)
    rows(Arrival).filter(pk=it.id).delete()


PLANTED = {
    "file_without_clock": lambda it: rows(Deadline).filter(subject_id=it.id).delete(),
    "file_due_put_off": lambda it: rows(Arrival).filter(pk=it.id).update(due_at=it.due_at + DAY),
    "file_clock_wrong": lambda it: (
        rows(Deadline).filter(subject_id=it.id).update(
            original_due_at=it.due_at + DAY, due_at=it.due_at + DAY
        )
    ),
    "file_lost_on_the_way": lose,
    "leaver_without_handover": lambda it: (lose(it), rows(Handover).filter(pk=it.handover_id).delete()),
}  # fmt: skip


@pytest.mark.parametrize("code", PLANTED)
def test_the_proof_finds_a_planted_breakage(house, monkeypatch, code):
    first, second, _third = house.world.students
    with clock.frozen(clock.now() - DAY):
        house.leave(second)
    arrival = house.sent(first)
    assert code not in codes()
    PLANTED[code](arrival)
    assert code in codes()
    monkeypatch.setattr(rooms, "_rooms", {})
    assert code not in codes()
