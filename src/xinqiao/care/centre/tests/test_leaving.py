"""Whoever leaves the centre: the heir sits there, a colleague takes what is booked, and nothing pretends otherwise."""

import pytest
from django.urls import reverse

from xinqiao.care.centre import leaving
from xinqiao.care.centre.models import Booking, CentreRoom, OpeningTime, RosterHour, Slot
from xinqiao.care.centre.services.bookings import book_slot, move_booking
from xinqiao.care.centre.services.roster import write_term
from xinqiao.care.centre.slots import free_slots
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.services.staff import end_staff
from xinqiao.register.duty.tests.world import add_staff

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = 1, 2


@pytest.fixture
def world(world):
    add_staff(world, "security", "钟守正", Role.SECURITY_OFFICER, world.county)
    return world


@pytest.fixture
def term(world, pattern):
    write_term(world.school, actor=world.actor("head"))
    return world


def leave(world, heir="head"):
    """The psychology teacher leaves; a head as heir may not sit at the centre."""
    end_staff(world.staff["psych"], actor=world.actor("security"), heir=world.staff[heir])


def book(world, weekday):
    """Book the first slot of the leaver's on a weekday."""
    slots = Slot.objects.for_system(reason="test").filter(hour__staff_id=world.id_of("psych")).order_by("start_at")
    slot = next(each for each in slots if each.start_at.astimezone(clock.now().tzinfo).isoweekday() == weekday)
    return book_slot(world.students[0], actor=world.actor("psych"), slot_id=slot.id)


def standing(world, login):
    rows = RosterHour.objects.for_system(reason="test").filter(dropped_at__isnull=True, staff_id=world.id_of(login))
    return list(rows.filter(start_at__gt=clock.now()).order_by("start_at"))


def offered(world):
    """Who sits at the times that can be booked."""
    return {slot.hour.staff_id for slot in free_slots(world.school.id, clock.now(), 60)}


def hour_of(booking):
    return Booking.objects.for_system(reason="test").select_related("slot__hour").get(pk=booking.pk).slot.hour


def demand_the_heir_sits_there(world):
    booking = book(world, MONDAY)
    before = len(standing(world, "psych"))
    own = len(standing(world, "psych2"))
    leave(world, heir="psych2")
    assert standing(world, "psych") == []
    tuesdays = own  # the heir sits elsewhere then
    assert len(standing(world, "psych2")) == before - tuesdays + own
    assert (hour_of(booking).staff_id, hour_of(booking).instead_of) == (world.id_of("psych2"), world.id_of("psych"))
    assert offered(world) == {world.id_of("psych2")}
    lines = OpeningTime.objects.for_system(reason="test").values_list("staff_id", flat=True)
    assert set(lines) == {world.id_of("psych2")}
    keepers = CentreRoom.objects.for_system(reason="test").filter(keeper_id__isnull=False)
    assert set(keepers.values_list("keeper_id", flat=True)) == {world.id_of("psych2")}
    assert AuditEvent.objects.filter(event="centre.hour.passed_on").count() == before - tuesdays


def test_the_heir_sits_there(term):
    demand_the_heir_sits_there(term)


def test_control_nobody_listens_and_pupils_book_with_somebody_who_has_left(term, monkeypatch):
    monkeypatch.setattr(leaving, "_leave", lambda *_a: None)
    with pytest.raises(AssertionError):
        demand_the_heir_sits_there(term)


def test_without_an_heir_a_colleague_takes_what_is_booked_and_the_rest_goes(term):
    booking = book(term, MONDAY)
    leave(term)
    assert hour_of(booking).staff_id == term.id_of("psych2")
    assert standing(term, "psych") == []
    assert offered(term) == {term.id_of("psych2")}
    lines = OpeningTime.objects.for_system(reason="test").filter(staff_id=None)
    assert lines.count() == 5, "the pattern says that somebody is missing"


def demand_seen_as_without_anybody(world, sign_in, monkeypatch):
    told = []
    monkeypatch.setattr(leaving, "send_neutral_word", lambda words, _i, place, **_more: told.append((*words, place)))
    booking = book(world, TUESDAY)  # the colleague sits in another room then
    leave(world)
    assert hour_of(booking).dropped_at is not None
    assert offered(world) == {world.id_of("psych2")}
    client = sign_in("psych2")
    day = client.get(reverse("centre:day"))
    assert [row.id for row in day.context["day"].alone] == [booking.id]
    assert "无人值守" in day.content.decode()
    assert "1 个已预约时段无人值守" in client.get("/").content.decode()
    head = sign_in("head").get(reverse("centre:school", args=[world.school.id]))
    assert head.context["page"].alone == 1
    assert "欧阳思源" not in head.content.decode()
    assert told == [("psychology_teachers", world.school.path)]
    return booking


def test_what_nobody_can_take_is_seen_until_it_is_moved(term, sign_in, monkeypatch):
    booking = demand_seen_as_without_anybody(term, sign_in, monkeypatch)
    other = free_slots(term.school.id, clock.now(), 60).first()
    move_booking(
        Booking.objects.for_system(reason="test").select_related("student", "slot").get(pk=booking.pk),
        actor=term.actor("psych2"), slot_id=other.id,
    )  # fmt: skip
    assert not sign_in("psych2").get(reverse("centre:day")).context["day"].alone


def test_control_an_hour_that_stays_on_the_roster_is_not_seen_as_without_anybody(term, sign_in, monkeypatch):
    monkeypatch.setattr(leaving, "_drop", lambda _hour: True)
    with pytest.raises(AssertionError):
        demand_seen_as_without_anybody(term, sign_in, monkeypatch)
