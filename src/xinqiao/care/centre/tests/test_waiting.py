"""The waiting list: once at a time, most urgent first, an hour in one click, a clock that climbs, little told."""

import datetime as dt
from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from xinqiao.care.alerts.services.levels import Basis, set_attention
from xinqiao.care.centre import following, rules, waiting
from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.jobs.wait import start_clocks
from xinqiao.care.centre.models import Waiting
from xinqiao.care.centre.rows import every_booking, every_slot, every_waiting
from xinqiao.care.centre.selectors import waiting as selectors
from xinqiao.care.centre.selectors.waiting import waiting_rows
from xinqiao.care.centre.services.bookings import book_slot, cancel_booking
from xinqiao.care.centre.services.roster import write_term
from xinqiao.care.centre.services.waiting import end_waiting, give_hour, wait_for_hour
from xinqiao.care.centre.states import BookingState, WaitingState
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.people.services.students import end_enrolment

WHY = "已由校外机构接手，家长同意"


def url(name, *args):
    return reverse(f"centre:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def roster(world, pattern):
    """The term as it is written; today is a Monday, and the first slot begins at 13:00."""
    write_term(world.school, actor=world.actor("head"))
    return list(every_slot().order_by("start_at"))


@pytest.fixture
def waits(world, roster):
    """The class teacher put the first pupil on the list."""
    return wait_for_hour(world.students[0], actor=world.actor("teacher"))


def state_of(row):
    return every_waiting().get(pk=row.pk).state


def clock_of(row):
    return Deadline.objects.for_system(reason="a test looks").filter(subject_id=row.id).first()


def test_a_wish_is_held_against_day_and_part_of_the_day():
    monday = dt.datetime(2026, 11, 23, 11, 59, tzinfo=dt.UTC)
    assert rules.suits(monday, "lessons", "", ())
    assert rules.suits(monday, "break", "13", ("morning",))
    assert not rules.suits(monday, "break", "25", ())
    assert not rules.suits(monday + dt.timedelta(minutes=1), "lessons", "", ("morning",))
    assert rules.suits(monday + dt.timedelta(minutes=1), "lessons", "1", ("afternoon", "after_school"))
    assert rules.part_of_day(monday, "after_school") == "after_school"
    assert (rules.tidied_weekdays("9331x1"), rules.tidied_parts(["after_school", "night", "morning"])) == (
        "13", "morning after_school",
    )  # fmt: skip


def test_a_pupil_stands_on_the_list_once_by_the_service_and_by_the_database(world, waits):
    teacher = world.actor("teacher")
    assert isinstance(wait_for_hour(world.students[0], actor=teacher), Unchanged)
    again = wait_for_hour(world.students[0], actor=world.actor("psych"), weekdays="5")
    assert again.pk == waits.pk
    assert every_waiting().get().weekdays == "", "whoever comes second changes no wish"
    other = world.students[0]
    twin = Waiting(
        county_id=other.county_id, place=other.place, school_id=other.school_id, student=other, key_id=other.key_id,
        since=clock.now(),
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    with pytest.raises(Forbidden):
        wait_for_hour(world.students[2], actor=teacher)  # of another class


def test_who_has_as_many_bookings_as_may_be_could_be_given_none(world, roster):
    teacher = world.actor("teacher")
    for slot in roster[:2]:
        book_slot(world.students[0], actor=teacher, slot_id=slot.id)
    with pytest.raises(CannotDo, match=rules.TOO_MANY):
        wait_for_hour(world.students[0], actor=teacher)


def check_order(world, roster):
    """The check: a pupil with a red level comes before one who has waited longer, and each is offered another hour."""
    with clock.frozen(clock.now() - dt.timedelta(minutes=30)):
        first = wait_for_hour(world.students[1], actor=world.actor("psych"))
    second = wait_for_hour(world.students[0], actor=world.actor("teacher"))
    set_attention(
        world.students[0], actor=world.actor("psych"), level="red", advice="多陪一陪", basis=Basis("review"),
        review_on=clock.today() + dt.timedelta(days=7),
    )  # fmt: skip
    rows = waiting_rows(world.actor("psych"), clock.now())
    assert [row.id for row in rows] == [second.id, first.id], "the most urgent stands first"
    assert [row.free.id for row in rows] == [roster[0].id, roster[1].id], "no hour is offered twice"


def test_the_most_urgent_stands_first_and_no_hour_is_offered_twice(world, roster):
    check_order(world, roster)


def test_control_where_levels_do_not_count_the_same_check_is_red(world, roster, monkeypatch):
    monkeypatch.setattr(selectors, "_urgency", lambda _level: 0)
    with pytest.raises(AssertionError, match="most urgent stands first"):
        check_order(world, roster)


def test_only_hours_that_suit_are_offered(world, roster):
    row = wait_for_hour(world.students[0], actor=world.actor("teacher"), weekdays="2", parts=("after_school",))
    (shown,) = waiting_rows(world.actor("psych"), clock.now())
    assert (shown.id, row.weekdays, row.parts) == (row.id, "2", "after_school")
    start = shown.free.start_at.astimezone(clock.now().tzinfo)
    slot = every_slot().select_related("hour").get(pk=shown.free.id)
    assert (slot.hour.during, start.date()) == ("after_school", dt.date(2026, 11, 24))


def check_given_once(world, waits, slot):
    """The check: two who give at once give one hour; the pupil is off the list and the clock stands still."""
    first = give_hour(waits, actor=world.actor("psych"), slot_id=slot.id)
    assert isinstance(give_hour(waits, actor=world.actor("psych2"), slot_id=slot.id), Unchanged)
    with suppress(CannotDo):
        give_hour(waits, actor=world.actor("psych2"), slot_id=every_slot().order_by("-start_at").first().id)
    assert every_booking().filter(student=waits.student, state=BookingState.OPEN).count() == 1, "two hours were given"
    row = every_waiting().get(pk=waits.pk)
    assert (row.state, row.booking_id) == (WaitingState.GIVEN, first.id), "still on the list"
    assert clock_of(waits).met_at is not None, "the clock runs on"


def test_an_hour_is_given_once_and_the_clock_stops(world, waits, roster):
    check_given_once(world, waits, roster[0])
    assert every_booking().get().booked_by == world.id_of("psych"), "whoever asked does not see when and where"


def test_control_without_looking_whether_the_pupil_still_waits_the_same_check_is_red(
    world, waits, roster, monkeypatch
):  # fmt: skip
    service = "xinqiao.care.centre.services.waiting"
    monkeypatch.setattr(f"{service}.waiting_of", lambda _student: every_waiting().get(pk=waits.pk))
    with pytest.raises(AssertionError, match="two hours were given"):
        check_given_once(world, waits, roster[0])


def test_control_where_booking_takes_nobody_off_the_same_check_is_red(world, waits, roster, monkeypatch):
    monkeypatch.setattr("xinqiao.care.centre.services.waiting.give", lambda *_args, **_more: None)
    with pytest.raises((AssertionError, CannotDo)):
        check_given_once(world, waits, roster[0])


def test_a_slot_that_somebody_took_is_not_given_and_the_pupil_waits_on(world, waits, roster):
    book_slot(world.students[1], actor=world.actor("psych"), slot_id=roster[0].id)
    with pytest.raises(CannotDo, match=rules.TAKEN):
        give_hour(waits, actor=world.actor("psych"), slot_id=roster[0].id)
    assert state_of(waits) == WaitingState.WAITING
    assert clock_of(waits).met_at is None


def test_any_booking_takes_the_pupil_off_and_a_cancelled_hour_is_offered_again(world, waits, roster):
    taken = [
        book_slot(world.students[1], actor=world.actor("psych"), slot_id=slot.id) for slot in roster[:2]
    ]  # fmt: skip
    offered = lambda: waiting_rows(world.actor("psych"), clock.now())[0].free.id  # noqa: E731
    assert offered() == roster[2].id
    cancel_booking(taken[1], actor=world.actor("psych"))
    assert offered() == roster[1].id
    book_slot(world.students[0], actor=world.actor("teacher"), slot_id=roster[1].id)
    assert state_of(waits) == WaitingState.GIVEN


def check_climbs(world, level=""):
    """The check: who is given no hour in time has a clock that climbs to somebody; the message names nobody."""
    if level:
        set_attention(
            world.students[0], actor=world.actor("psych"), level=level, advice="多陪一陪", basis=Basis("review"),
            review_on=clock.today() + dt.timedelta(days=7),
        )  # fmt: skip
    row = wait_for_hour(world.students[0], actor=world.actor("teacher"))
    found = clock_of(row)
    assert found is not None, "nobody sees that the pupil waits"
    with clock.frozen(found.due_at + dt.timedelta(minutes=1)):
        climb_due(clock.now())
        sent = list(OutboxMessage.objects.for_system(reason="a test looks").filter(about_id=row.id))
        assert sent, "the climb reaches nobody"
        assert AuditEvent.objects.filter(event="centre.waiting.climbed").exists()
    return found


@pytest.mark.parametrize(("level", "day"), [("", 1), ("red", 24)])
def test_who_waits_too_long_is_told_of_sooner_where_the_level_says_so(world, roster, level, day):
    # Wednesday is closed: five school days after Monday the 23rd end on Tuesday the 1st
    assert check_climbs(world, level).due_at.day == day


def test_control_without_its_clock_the_same_check_is_red(world, roster, monkeypatch):
    monkeypatch.setattr("xinqiao.care.centre.services.waiting.start_clock", lambda _row: None)
    with pytest.raises(AssertionError, match="nobody sees"):
        check_climbs(world)


def test_control_where_climbs_are_not_heard_the_same_check_is_red(world, roster, monkeypatch):
    monkeypatch.setattr(following, "WAITING", "nothing")
    with pytest.raises(AssertionError, match="reaches nobody"):
        check_climbs(world)


def test_the_job_starts_the_clock_of_an_entry_from_the_door_once(world, roster):
    pupil = world.students[0]
    row = Waiting(
        county_id=pupil.county_id, place=pupil.place, school_id=pupil.school_id, student=pupil, key_id=pupil.key_id,
        is_own=True, since=clock.now(),
    )  # fmt: skip
    row.save(force_insert=True)
    assert clock_of(row) is None
    later = clock.now() + dt.timedelta(seconds=20)
    assert (start_clocks(later), start_clocks(later)) == (1, 0)
    assert clock_of(row).began_at == row.since


def test_it_ends_with_a_reason_or_with_the_stay_at_the_school(world, waits):
    psych = world.actor("psych")
    with pytest.raises(CannotDo, match=rules.NO_REASON):
        end_waiting(waits, actor=psych, words=" ")
    with pytest.raises(Forbidden):
        end_waiting(waits, actor=world.actor("teacher"), words=WHY)
    end_waiting(waits, actor=psych, words=WHY)
    assert isinstance(end_waiting(waits, actor=psych, words=WHY), Unchanged)
    assert clock_of(waits).met_at is not None
    with pytest.raises(CannotDo, match=rules.WAITS_NOT):
        give_hour(waits, actor=psych, slot_id=every_slot().order_by("start_at").first().id)
    assert not every_booking().exists(), "nothing was booked by the way"


def test_why_it_ended_stands_on_the_entry_for_the_counsellor(sign_in, world, waits):
    end_waiting(waits, actor=world.actor("psych"), words=WHY)
    page = text_of(sign_in("psych").get(url("waiting-entry", waits.id)))
    assert WHY in page
    assert url("waiting-give", waits.id) not in page, "what is over is not offered again"
    assert WHY not in text_of(sign_in("teacher").get(url("own")))


def check_ends_with_the_stay(world, waits):
    """The check: who left the school waits no more, and no clock runs for that pupil."""
    end_enrolment(world.students[0], actor=world.actor("psych"), on=clock.today())
    assert state_of(waits) == WaitingState.GONE, "still waits"
    assert clock_of(waits).cancelled_at is not None


def test_leaving_the_school_ends_it(world, waits):
    check_ends_with_the_stay(world, waits)


def test_control_where_nobody_listens_the_same_check_is_red(world, waits, monkeypatch):
    monkeypatch.setattr(following, "leave_behind", lambda *_args, **_more: None)
    with pytest.raises(AssertionError, match="still waits"):
        check_ends_with_the_stay(world, waits)


def check_told_little(sign_in, given):
    """The check: whoever asked learns that an hour was given, not when, where or with whom, nor why there is none."""
    page = text_of(sign_in("teacher").get(url("own")))
    assert "欧阳思源" in page
    assert "已安排" in page, "that an hour was given is told"
    assert "个体辅导室" not in page
    assert f"{clock.timezone.localtime(given.slot.start_at):%H:%M}" not in page, "the time is not theirs"


def check_hides_who_asked_first(sign_in, world):
    """The check: a teacher who asks for a pupil who waits already sees the same as one who asks first."""
    pupil = world.students[0]
    with clock.frozen(clock.now() - dt.timedelta(days=3)):
        Waiting(
            county_id=pupil.county_id, place=pupil.place, school_id=pupil.school_id, student=pupil,
            key_id=pupil.key_id, is_own=True, since=clock.now(),
        ).save(force_insert=True)  # fmt: skip
    client = sign_in("teacher")
    told = client.post(url("wait", pupil.id), {"parts": ["morning"]}, follow=True)
    assert "学生已在候补名单上" in text_of(told)
    assert "欧阳思源" in text_of(told)
    assert "11月20日" not in text_of(told), "it tells that the pupil asked before"


def test_a_teacher_does_not_learn_that_the_pupil_asked_alone(sign_in, world, roster):
    check_hides_who_asked_first(sign_in, world)


def test_control_where_the_day_is_shown_the_same_check_is_red(sign_in, world, roster, monkeypatch):
    monkeypatch.setattr(selectors, "asked_words", lambda _state: "11月20日")
    with pytest.raises(AssertionError, match="asked before"):
        check_hides_who_asked_first(sign_in, world)


def test_the_story_on_its_pages(sign_in, world, roster):
    teacher = sign_in("teacher")
    there = url("wait", world.students[0].id)
    assert there in text_of(teacher.get(url("book", world.students[0].id)))
    assert teacher.get(there).status_code == 200
    assert teacher.post(there, {"weekdays": ["8"]}).status_code == 422
    assert teacher.post(there, {"weekdays": ["1", "2"], "parts": ["afternoon"]}).status_code == 302
    assert "等候中" in text_of(teacher.get(url("own")))
    assert teacher.get(url("waiting")).status_code == 403
    assert teacher.get(url("wait", world.students[2].id)).status_code == 404
    row = every_waiting().get()
    psych = sign_in("psych")
    assert "1 名学生在候补" in text_of(psych.get("/"))
    page = text_of(psych.get(url("waiting")))
    assert "欧阳思源" in page
    assert "周一" in page
    assert AuditEvent.objects.filter(event="centre.waiting.read").exists()
    assert psych.get(url("waiting-entry", row.id)).status_code == 200
    assert AuditEvent.objects.filter(event="centre.waiting.opened", subject_id=world.students[0].id).exists()
    assert psych.post(url("waiting-end", row.id), {"words": ""}).status_code == 422
    assert psych.post(url("waiting-give", row.id), {}).status_code == 422
    assert psych.post(url("waiting-give", row.id), {"slot": str(roster[0].id)}).status_code == 302
    assert psych.post(url("waiting-give", row.id), {"slot": str(roster[0].id)}).status_code == 302, "a double click"
    assert every_booking().count() == 1
    assert sign_in("other_psych").get(url("waiting-entry", row.id)).status_code == 404
    check_told_little(sign_in, every_booking().get())
    empty = text_of(sign_in("psych").get(url("waiting")))
    assert "没有学生在候补" in empty


def test_control_where_the_hour_is_booked_by_whoever_asked_the_same_check_is_red(sign_in, world, waits, roster):
    given = give_hour(waits, actor=world.actor("psych"), slot_id=roster[0].id)
    every_booking().filter(pk=given.pk).update(booked_by=world.id_of("teacher"))
    with pytest.raises(AssertionError):
        check_told_little(sign_in, given)


def test_what_is_typed_stays_where_a_reason_is_missing_or_a_time_was_taken(sign_in, world, waits, roster):
    psych = sign_in("psych")
    book_slot(world.students[1], actor=world.actor("psych"), slot_id=roster[0].id)
    answer = psych.post(url("waiting-give", waits.id), {"slot": str(roster[0].id)})
    assert answer.status_code == 422
    assert "刚刚被别人约走" in text_of(answer)
    assert "原因" in text_of(psych.post(url("waiting-end", waits.id), {"words": " "}))
    assert state_of(waits) == WaitingState.WAITING


def test_bodies_of_waiting_do_nothing_to_a_pupil_who_does_not_wait(world, roster):
    booking = book_slot(world.students[1], actor=world.actor("psych"), slot_id=roster[0].id)
    assert waiting.waiting_of(world.students[1].id) is None
    waiting.give(booking, by=world.id_of("psych"))
    assert not every_waiting().exists()
