"""Rooms, opening, roster: a term in one step, single days by hand, what is counted and what is missing."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from xinqiao.care.centre import rules
from xinqiao.care.centre.models import CentreRoom, RosterHour
from xinqiao.care.centre.rows import every_hour, every_opening
from xinqiao.care.centre.selectors.centre import centre_page
from xinqiao.care.centre.services import roster
from xinqiao.care.centre.services.roster import write_term
from xinqiao.care.centre.tests.conftest import TERM_END, WEDNESDAY_OFF
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.register.policy.selectors import parameters_for


def url(name, *args):
    return reverse(f"centre:{name}", args=args)


def days_written():
    return {timezone.localtime(hour.start_at).date() for hour in every_hour().filter(dropped_at__isnull=True)}


def check_only_school_days(world, rooms):
    """The check: a term is written over school days alone, once."""
    write_term(world.school, actor=world.actor("head"))
    written = days_written()
    assert WEDNESDAY_OFF not in written, "the school is closed then"
    assert written == {
        day for day in (dt.date(2026, 11, 23) + dt.timedelta(days=n) for n in range(12))
        if day.weekday() < 5 and day != WEDNESDAY_OFF
    }  # fmt: skip
    assert max(written) < TERM_END
    assert isinstance(write_term(world.school, actor=world.actor("head")), Unchanged), "a double click writes nothing"


def test_a_term_is_written_over_school_days_alone(world, pattern):
    check_only_school_days(world, pattern)
    assert AuditEvent.objects.get(event="centre.term.written").subject_id == world.school.id


def test_control_without_the_calendar_the_same_check_is_red(world, pattern, monkeypatch):
    every_day = lambda _place, first, after: [first + dt.timedelta(days=n) for n in range((after - first).days)]  # noqa: E731
    monkeypatch.setattr(roster, "school_days", every_day)
    with pytest.raises(AssertionError, match="the school is closed then"):
        check_only_school_days(world, pattern)


def test_what_was_changed_by_hand_stays_when_the_term_is_written_anew(world, pattern):
    head = world.actor("head")
    write_term(world.school, actor=head)
    tuesday = every_hour().filter(staff_id=world.id_of("psych")).order_by("start_at")[1]
    thursday = every_hour().filter(staff_id=world.id_of("psych")).order_by("start_at")[2]
    with pytest.raises(roster.CannotDo, match=rules.SITS_ELSEWHERE):
        roster.hand_over(tuesday, actor=head, staff_id=world.id_of("psych2"))
    with pytest.raises(roster.CannotDo, match=rules.NOT_A_COUNSELLOR):
        roster.hand_over(thursday, actor=head, staff_id=world.id_of("teacher"))
    roster.hand_over(thursday, actor=head, staff_id=world.id_of("psych2"))
    roster.drop_hour(tuesday, actor=head)
    late = every_opening().get(room=pattern[1])
    roster.every_opening().filter(pk=late.pk).delete()
    done = write_term(world.school, actor=head)
    assert (done.written, done.removed) == (0, 2), "the two Tuesdays of the line that is gone"
    thursday.refresh_from_db(from_queryset=every_hour())
    assert (thursday.staff_id, thursday.instead_of) == (world.id_of("psych2"), world.id_of("psych"))
    assert every_hour().get(pk=tuesday.pk).dropped_at is not None


def test_nobody_sits_in_two_places_at_once_also_for_the_database(world, pattern):
    write_term(world.school, actor=world.actor("head"))
    hour = every_hour().order_by("start_at").first()
    twin = RosterHour(
        county_id=hour.county_id, place=hour.place, school_id=hour.school_id, room=pattern[1], during="lessons",
        staff_id=hour.staff_id, start_at=hour.start_at, end_at=hour.end_at,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    RosterHour.objects.for_system(reason="a test drops the first").filter(pk=hour.pk).update(dropped_at=hour.start_at)
    twin.save(force_insert=True)


def check_counted(world):
    """The check: hours with somebody on duty are counted once, and what falls short of the pack is said."""
    tuesday, wednesday, thursday = (centre_week(world).days[n] for n in (1, 2, 3))
    asked = parameters_for(world.school.path, dt.date(2026, 11, 23)).centre
    assert tuesday.minutes == 5 * 60, "13 to 15 and 14 to 18 in two rooms are five hours, not six"
    assert not tuesday.is_short
    assert thursday.minutes == 2 * 60 < asked.hours_a_day * 60
    assert thursday.is_short
    assert not wednesday.is_short, "no school is held"


def centre_week(world):
    at = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
    return centre_page(
        world.actor("group" if "group" in world.users else "head"), world.school, day=at.date(), at=at
    ).week


def test_hours_are_counted_against_the_pack(world, pattern):
    write_term(world.school, actor=world.actor("head"))
    check_counted(world)
    page = centre_page(
        world.actor("psych"), world.school, day=dt.date(2026, 11, 30), at=dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
    )
    assert page.week.minutes == (4 * 2 + 5) * 60, "thirteen hours"
    assert not page.week.is_short
    assert page.week.beside_lessons == 240
    assert [(row.name, row.hours) for row in page.shares] == [("林若溪", 18.0), ("苏晚晴", 8.0)]
    faults = [bool(row.fault) for row in page.zones]
    assert faults == [True, False, True, True], "no reception, a room for one, a small one for many, no training"


def test_control_where_rooms_are_added_up_the_same_check_is_red(world, pattern, monkeypatch):
    write_term(world.school, actor=world.actor("head"))
    added = lambda spans: sum((end - start) // dt.timedelta(minutes=1) for start, end in spans)  # noqa: E731
    monkeypatch.setattr(rules, "minutes_covered", added)
    with pytest.raises(AssertionError, match="are five hours"):
        check_counted(world)


def test_a_head_sets_the_centre_up_on_its_pages(sign_in, world):
    client = sign_in("head")
    there = url("school", world.school.id)
    assert client.get(url("index")).url == there
    assert "还没有房间" in client.get(there).content.decode()
    new = url("room-new", world.school.id)
    assert client.post(new, {"name": "", "zone": "individual"}).status_code == 422
    typed = {"name": "倾诉室", "zone": "individual", "area_m2": "12.5", "equipment": "沙盘", "keeper": ""}
    assert client.post(new, typed).status_code == 302
    again = client.post(new, typed)
    assert again.status_code == 422
    assert "沙盘" in again.content.decode(), "what was typed stays"
    room = CentreRoom.objects.for_system(reason="a test looks").get()
    line = {
        "weekday": "2", "start_at": "16:00", "end_at": "15:00", "during": "after_school", "room": str(room.id),
        "staff": str(world.id_of("psych")),
    }  # fmt: skip
    assert client.post(url("opening-new", world.school.id), line).status_code == 422
    assert client.post(url("opening-new", world.school.id), line | {"end_at": "18:00"}).status_code == 302
    assert "已排好" in client.post(url("term", world.school.id), follow=True).content.decode()
    page = client.get(there).content.decode()
    assert "无人值班" in page
    hour = every_hour().order_by("start_at").first()
    assert client.get(url("hour", hour.id)).status_code == 200
    assert client.post(url("room-close", room.id), follow=True).content.decode().count("请先从那里去掉") == 1
    assert client.post(url("hour-drop", hour.id)).status_code == 302
    assert sign_in("teacher").get(there).status_code == 403
    assert sign_in("other_psych").get(there).status_code == 404
    assert sign_in("psych", "en").get(there).status_code == 200
