"""A counsellor's hours in a calendar: an address that is shown once, dead in time, and tells of nobody."""

import datetime as dt

import pytest
from django.urls import reverse

from xinqiao.care.centre import feeding, ics
from xinqiao.care.centre.models import CalendarFeed
from xinqiao.care.centre.rows import every_booking, every_feed, every_slot
from xinqiao.care.centre.selectors import feeds as selectors
from xinqiao.care.centre.services.bookings import book_slot, note_missed
from xinqiao.care.centre.services.feeds import end_feed, make_feed
from xinqiao.care.centre.services.roster import write_term
from xinqiao.care.centre.terms import rules_at
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.accounts.services.staff import end_staff
from xinqiao.register.duty.tests.world import add_staff

REASON = "最近总是睡不好，上课走神"
NAMES = ("欧阳思源", "20260301", "七年级", "周海宁", "林若溪", REASON)


def url(name, *args):
    return reverse(f"centre:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode()


def unfolded(text):
    return text.replace("\r\n ", "")


@pytest.fixture
def roster(world, pattern):
    """The term as it is written; a pupil has the first slot."""
    write_term(world.school, actor=world.actor("head"))
    slots = list(every_slot().select_related("hour__room").order_by("start_at"))
    book_slot(world.students[0], actor=world.actor("teacher"), slot_id=slots[0].id, reason=REASON)
    return slots


@pytest.fixture
def address(world, roster):
    return url("feed", make_feed(world.school, actor=world.actor("psych")))


def events_of(text):
    """The events of a calendar, each as its properties."""
    found = []
    for line in unfolded(text).split("\r\n"):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name and name != "END":
            found[-1][name] = value
    return found


def test_lines_are_folded_at_75_octets_and_no_sign_is_torn():
    line = f"SUMMARY:{'心' * 60}"
    pieces = ics.folded(line).split("\r\n")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert len(pieces) > 2
    assert unfolded(ics.folded(line)) == line
    assert ics.folded("SUMMARY:free") == "SUMMARY:free"
    assert ics.escaped("a;b,c\\d\r\ne\x07") == "a\\;b\\,c\\\\d\\ne"


def test_control_folded_by_signs_a_line_would_be_too_long(monkeypatch):
    monkeypatch.setattr(ics, "OCTETS", 75 * 3)
    with pytest.raises(AssertionError):
        test_lines_are_folded_at_75_octets_and_no_sign_is_torn()


def test_the_calendar_has_the_own_hours_each_booked_or_free(client, world, roster, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    text = text_of(answer)
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    own = [slot for slot in roster if slot.hour.staff_id == world.id_of("psych")]
    shown = events_of(text)
    assert [event["UID"] for event in shown] == [str(slot.id) for slot in own]
    assert [event["SUMMARY"] for event in shown[:2]] == ["已预约", "可约"]
    assert [event["TRANSP"] for event in shown[:2]] == ["OPAQUE", "TRANSPARENT"]
    assert shown[0]["LOCATION"] == "个体辅导室"
    assert shown[0]["DTSTART"] == f"{own[0].start_at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    assert not client.cookies, "no cookie is set"


def check_names_nobody(client, address):
    """The check: nothing in the calendar is a name, a number, a class, a reason, or tells who came and who did not."""
    text = unfolded(text_of(client.get(address)))
    assert [name for name in NAMES if name in text] == [], "somebody is named"
    assert {event["SUMMARY"] for event in events_of(text)} == {"已预约", "可约"}, "more than booked and free"
    allowed = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "TRANSP"}
    assert all(set(event) <= allowed for event in events_of(text)), "a property more"


def test_the_calendar_names_nobody(client, world, roster, address):
    check_names_nobody(client, address)
    with clock.frozen(roster[0].start_at + dt.timedelta(minutes=5)):
        note_missed(every_booking().get(), actor=world.actor("psych"))
        check_names_nobody(client, address)


def test_control_a_name_planted_in_the_calendar_is_found(client, address, monkeypatch):
    drawn = selectors.Event
    monkeypatch.setattr(selectors, "Event", lambda *a, **k: drawn(a[0], a[1], a[2], "欧阳思源", *a[4:], **k))
    with pytest.raises(AssertionError, match="somebody is named"):
        check_names_nobody(client, address)


def test_control_the_state_of_a_booking_planted_in_the_calendar_is_found(client, address, monkeypatch):
    drawn = selectors.Event
    monkeypatch.setattr(selectors, "Event", lambda *a, **k: drawn(a[0], a[1], a[2], "未到", *a[4:], **k))
    with pytest.raises(AssertionError, match="more than booked"):
        check_names_nobody(client, address)


def test_the_signs_are_stored_nowhere_and_long_enough(world, roster):
    token = make_feed(world.school, actor=world.actor("psych"))
    assert len(token) * 6 >= 128
    assert bytes(every_feed().get().mac) == feeding.token_mac(token)
    columns = CalendarFeed.objects.for_system(reason="a test looks").values().get()
    assert not any(token in str(value) or token.encode() in bytes(str(value), "utf-8") for value in columns.values())
    events = AuditEvent.objects.filter(event="centre.feed.made")
    assert events.exists()
    assert not any(token in event.facts for event in events)
    other = make_feed(world.school, actor=world.actor("psych2"))
    assert other != token


def check_dead(client, address):
    """The check: the address leads nowhere, and the answer says nothing about why."""
    assert client.get(address).status_code == 404, "the address is alive"


def test_renewed_or_switched_off_the_old_address_is_dead(client, world, address):
    fresh = url("feed", make_feed(world.school, actor=world.actor("psych")))
    check_dead(client, address)
    assert client.get(fresh).status_code == 200
    end_feed(every_feed().get(), actor=world.actor("psych"))
    check_dead(client, fresh)
    check_dead(client, url("feed", "x" * 43))
    check_dead(client, url("feed", "心" * 80))


def test_it_is_switched_off_by_its_owner_alone(world, address):
    end_feed(every_feed().get(), actor=world.actor("psych2"))
    assert every_feed().exists()
    with pytest.raises(Forbidden):
        make_feed(world.school, actor=world.actor("teacher"))


def blocked(world):
    User.objects.filter(pk=world.users["psych"].pk).update(is_active=False)


def without_role(world):
    Membership.objects.filter(user=world.users["psych"]).update(end_on=clock.today())


def left(world):
    add_staff(world, "security", "钟守正", Role.SECURITY_OFFICER, world.county)
    end_staff(world.staff["psych"], actor=world.actor("security"), heir=world.staff["psych2"])


@pytest.mark.parametrize("act", [blocked, without_role, left])
def test_whoever_is_blocked_loses_the_role_or_leaves_has_no_calendar_any_more(client, world, address, act):
    assert client.get(address).status_code == 200
    act(world)
    check_dead(client, address)


@pytest.mark.parametrize("act", [blocked, without_role])
def test_control_without_asking_who_holds_it_the_same_check_is_red(client, world, address, act, monkeypatch):
    act(world)
    user = User.objects.get(pk=world.users["psych"].pk)
    held = (user, world.actor("psych2"))
    monkeypatch.setattr("xinqiao.care.centre.views.feeds.holder_of", lambda _feed, _at: held)
    with pytest.raises(AssertionError, match="alive"):
        check_dead(client, address)


def test_who_left_has_no_row_either_so_that_nothing_comes_to_life_again(world, address):
    left(world)
    assert not every_feed().exists()
    assert AuditEvent.objects.filter(event="centre.feed.left").exists()


def check_not_too_often(client, address, most):
    """The check: so many in an hour and no more; an hour later it goes on."""
    assert {client.get(address).status_code for _ in range(most)} == {200}
    refused = client.get(address)
    assert refused.status_code == 429, "it can be fetched without end"
    assert refused["Retry-After"]
    with clock.frozen(clock.now() + dt.timedelta(hours=1)):
        assert client.get(address).status_code == 200


def test_it_is_not_fetched_more_often_than_the_pack_says(client, world, address):
    check_not_too_often(client, address, rules_at(world.school.path, clock.today()).feed_an_hour)


def test_control_without_counting_the_same_check_is_red(client, world, address, monkeypatch):
    monkeypatch.setattr("xinqiao.care.centre.views.feeds.may_fetch", lambda _feed, _at: True)
    with pytest.raises(AssertionError, match="without end"):
        check_not_too_often(client, address, 3)


def test_the_address_is_kept_by_no_cache_and_found_by_no_search(client, address):
    answer = client.get(address)
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert client.post(address).status_code == 405


def test_the_story_on_its_page(sign_in, client, world, roster):
    psych = sign_in("psych")
    assert "还没有日历地址" in text_of(psych.get(url("calendar")))
    made = psych.post(url("calendar-make"))
    assert "no-store" in made["Cache-Control"]
    address = made.context["address"]
    assert address in text_of(made)
    again = text_of(psych.get(url("calendar")))
    assert address not in again, "it is shown once"
    assert "还没有读取过" in again
    assert client.get(address).status_code == 200
    assert "还没有读取过" not in text_of(psych.get(url("calendar")))
    assert psych.post(url("calendar-end")).status_code == 302
    assert psych.post(url("calendar-end")).status_code == 302, "a double click"
    assert client.get(address).status_code == 404
    assert sign_in("teacher").get(url("calendar")).status_code == 403
    assert sign_in("teacher").post(url("calendar-make")).status_code == 403
