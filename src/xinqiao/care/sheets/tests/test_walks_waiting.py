"""Every move of the waiting list is made, by staff, by pupils at their own door and by leaving, and stands in the
audit."""

import time

import pytest
from django.utils import timezone

from xinqiao.care.centre.rows import every_slot, every_waiting
from xinqiao.care.centre.services.roster import write_term
from xinqiao.care.centre.services.waiting import end_waiting, give_hour, wait_for_hour
from xinqiao.care.centre.states import WAITING_MOVES, WaitingState
from xinqiao.care.centre.tests.conftest import with_pattern, with_rooms, with_term
from xinqiao.care.sheets.intake import waiting
from xinqiao.care.sheets.intake.bodies import HoursBody
from xinqiao.care.sheets.intake.from_paper import HouseStore
from xinqiao.care.sheets.intake.schools import Schools
from xinqiao.care.sheets.intake.work import Batch, Desk, Hours
from xinqiao.care.sheets.intake.writer import commit
from xinqiao.foundation.audit.tests.walking import name_of, unheard, walk
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.ring import ring
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.duty.tests.world import MONDAY_10, build_world
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import PupilPin
from xinqiao.register.people.services.students import end_enrolment
from xinqiao.register.policy.selectors import parameters_for

pytestmark = pytest.mark.django_db
WALKED = (WAITING_MOVES,)


class SuiteSchools(Schools):
    """The same rules, read over the suite's connection."""

    def centre_rules(self, place, at):
        return parameters_for(place, timezone.localtime(at).date()).centre


@pytest.fixture
def world():
    with clock.frozen(MONDAY_10):
        built = with_term(build_world())
        with_pattern(built, with_rooms(built))
        write_term(built.school, actor=built.actor("head"))
        yield built


def at_the_door(world, **more):
    """Send what the first pupil's page sends; return the reply's body."""
    pupil = world.students[0]
    (number,) = open_sealed([pupil], "number")
    (pin,) = open_sealed([PupilPin.objects.for_system(reason="a test comes in").get(student=pupil)], "pin")
    window = Unit.objects.get(path=pupil.place).window_code
    secrets = ring().secrets
    desk = Desk(tickets_secret=secrets["tickets"], index_secret=secrets["index"], schools=SuiteSchools())
    batch = Batch(HouseStore(), desk, at=clock.now(), clock_seconds=time.monotonic())
    body = HoursBody(class_code=window, number=number["number"], pin=pin["pin"], key="walk-00000001", **more)
    (reply,) = commit(batch, [Hours(body)])
    assert reply.status == 200, reply
    return reply.body


def slots():
    return [str(slot.id) for slot in every_slot().order_by("start_at")]


def clock_of(row):
    return Deadline.objects.for_system(reason="a test looks").get(subject_id=row.id)


def walk_of(world, each):
    """The check of one move: by whom, and about whom; no clock runs on afterwards."""
    student, psych = world.students[0], world.actor("psych")
    row = wait_for_hour(student, actor=world.actor("teacher"))
    first = every_slot().order_by("start_at").first()
    by, act = {
        "given": (psych, lambda: give_hour(row, actor=psych, slot_id=first.id)),
        "ended": (psych, lambda: end_waiting(row, actor=psych, words="家长另有安排")),
        "gone": (None, lambda: end_enrolment(student, actor=psych, on=clock.today())),
        "left": (None, lambda: at_the_door(world, leave=True)),
        "booked_by_pupil": (None, lambda: at_the_door(world, book=str(first.id))),
    }[each.event.rpartition(".")[2]]  # fmt: skip
    walk(each, lambda: every_waiting().get(pk=row.pk).state, act, by=by, of=student.id)
    stopped = clock_of(row)
    assert stopped.met_at or stopped.cancelled_at, "the clock runs on"
    assert stopped.next_climb_at is None


@pytest.mark.parametrize("each", WAITING_MOVES, ids=name_of)
def test_every_move_of_the_waiting_list(world, each):
    walk_of(world, each)


def test_control_without_its_event_the_same_walk_is_red(world, monkeypatch):
    unheard(monkeypatch, WAITING_MOVES[0].event)
    with pytest.raises(AssertionError, match="no event"):
        walk_of(world, WAITING_MOVES[0])


def test_control_where_the_door_stops_no_clock_the_same_walk_is_red(world, monkeypatch):
    monkeypatch.setattr(waiting, "_CANCEL", waiting._CANCEL + " AND 1 = 0")
    leaves = next(each for each in WAITING_MOVES if each.event.endswith("waiting.left"))
    with pytest.raises(AssertionError, match="runs on"):
        walk_of(world, leaves)


def test_a_pupil_goes_on_the_list_once_changes_the_wish_and_sees_it(world):
    shown = at_the_door(world, wait=True, weekdays="53x", parts="after_school night")
    assert shown["said"] == "waiting"
    assert shown["waits"] == {"since": "2026-11-23", "weekdays": "35", "parts": "after_school"}
    again = at_the_door(world, wait=True, weekdays="1")
    assert again["waits"] == {"since": "2026-11-23", "weekdays": "1", "parts": ""}
    row = every_waiting().get()
    assert (row.is_own, row.asked_by, row.clocked_at) == (True, "", None)
    wait_for_hour(world.students[0], actor=world.actor("teacher"))
    assert every_waiting().get().asked_by == str(world.id_of("teacher")), "one entry, whoever asks"
    given = give_hour(row, actor=world.actor("psych"), slot_id=every_slot().order_by("start_at").first().id)
    seen = at_the_door(world)
    assert (seen["waits"], [hour["id"] for hour in seen["own"]]) == (None, [str(given.id)])


def test_a_pupil_with_as_many_hours_as_may_be_does_not_go_on_the_list(world):
    for slot in slots()[:2]:
        at_the_door(world, book=slot)
    assert at_the_door(world, wait=True)["said"] == "too_many"
    assert not every_waiting().exists()
    assert at_the_door(world, leave=True)["said"] == "left", "who is not on it is off it"
    assert not every_waiting().filter(state=WaitingState.LEFT).exists()
