"""Bookings: one slot one pupil, what is told to whom, and a pupil who does not come is asked after in time."""

import datetime as dt
from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from xinqiao.care.alerts.services.levels import Basis, set_attention
from xinqiao.care.centre import rules
from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.models import Booking
from xinqiao.care.centre.rows import every_booking, every_slot
from xinqiao.care.centre.services import bookings
from xinqiao.care.centre.services.bookings import book_slot, cancel_booking, move_booking, note_missed, settle_missed
from xinqiao.care.centre.services.roster import drop_hour, write_term
from xinqiao.care.centre.states import BookingState
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline

REASON = "最近总是睡不好，上课走神"


def url(name, *args):
    return reverse(f"centre:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode()


def slots():
    return list(every_slot().order_by("start_at"))


@pytest.fixture
def roster(world, pattern):
    """The term as it is written; today is a Monday, and the first slot begins at 13:00."""
    write_term(world.school, actor=world.actor("head"))
    return slots()


@pytest.fixture
def booked(world, roster):
    """The class teacher booked the first slot for a pupil of the class."""
    return book_slot(world.students[0], actor=world.actor("teacher"), slot_id=roster[0].id, reason=REASON)


def test_slots_are_cut_by_the_pack(roster):
    first, second = roster[:2]
    assert (first.end_at - first.start_at, second.start_at - first.end_at) == (
        dt.timedelta(minutes=40), dt.timedelta(minutes=10),
    )  # fmt: skip


def check_taken_once(world, booked):
    """The check: a slot that somebody has is given to nobody else."""
    with suppress(CannotDo):
        book_slot(world.students[1], actor=world.actor("teacher"), slot_id=booked.slot_id)
    assert every_booking().filter(slot=booked.slot_id, state=BookingState.OPEN).count() == 1, "two have it"


def test_a_slot_is_taken_once_by_the_service_and_by_the_database(world, booked, roster):
    check_taken_once(world, booked)
    assert isinstance(book_slot(world.students[0], actor=world.actor("teacher"), slot_id=booked.slot_id), Unchanged)
    other = world.students[1]
    twin = Booking(
        county_id=other.county_id, place=other.place, school_id=other.school_id, slot_id=booked.slot_id, student=other,
        key_id=other.key_id, seat=1, booked_by=other.id, booked_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    teacher = world.actor("teacher")
    book_slot(world.students[0], actor=teacher, slot_id=roster[1].id)
    with pytest.raises(CannotDo, match=rules.TOO_MANY):
        book_slot(world.students[0], actor=teacher, slot_id=roster[2].id)
    cancel_booking(booked, actor=teacher)
    book_slot(other, actor=teacher, slot_id=booked.slot_id)


def test_control_without_rule_and_constraint_the_same_check_is_red(world, booked, monkeypatch):
    monkeypatch.setattr(bookings.rules, "refusal_to_book", lambda **_facts: "")
    with pytest.raises(IntegrityError), transaction.atomic():
        check_taken_once(world, booked)  # the rule alone taken away, the constraint holds
    every_booking().filter(pk=booked.pk).update(state=BookingState.CANCELLED)
    book_slot(world.students[1], actor=world.actor("teacher"), slot_id=booked.slot_id)
    constraint = next(each for each in Booking._meta.constraints if each.name == "booking_slot_once")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {constraint.name}")
    every_booking().filter(pk=booked.pk).update(state=BookingState.OPEN)
    with pytest.raises(AssertionError, match="two have it"):
        check_taken_once(world, booked)


def test_a_booking_is_moved_and_an_hour_with_bookings_is_not_dropped(world, booked, roster):
    psych = world.actor("psych")
    with pytest.raises(CannotDo, match=rules.IS_BOOKED):
        drop_hour(booked.slot.hour, actor=world.actor("head"))
    fresh = move_booking(booked, actor=psych, slot_id=roster[1].id)
    assert every_booking().get(pk=booked.pk).state == BookingState.MOVED
    assert (fresh.slot_id, fresh.booked_by) == (roster[1].id, world.id_of("teacher"))
    assert open_sealed([every_booking().get(pk=fresh.pk)], "reason")[0]["reason"] == REASON


def after(slot):
    return clock.frozen(slot.start_at + dt.timedelta(minutes=15))


def check_asked_after(world, booked, level):
    """The check: a pupil who stays away has a clock by the level, and it climbs to somebody when nobody asks."""
    if level:
        set_attention(
            world.students[0], actor=world.actor("psych"), level=level, advice="多陪一陪", basis=Basis("review"),
            review_on=clock.today() + dt.timedelta(days=7),
        )  # fmt: skip
    with after(booked.slot):
        note_missed(booked, actor=world.actor("psych"))
        found = Deadline.objects.for_system(reason="a test looks").filter(subject_id=booked.id, met_at=None).first()
        assert found is not None, "nobody is to ask after the pupil"
    return found


@pytest.mark.parametrize(("level", "days"), [("", 3), ("orange", 0)])
def test_who_does_not_come_is_asked_after_the_same_day_where_the_level_says_so(world, booked, level, days):
    found = check_asked_after(world, booked, level)
    # Wednesday is closed: three school days after Monday end on Friday
    assert (found.due_at.date() - booked.slot.start_at.date()).days == (4 if days else 0)
    with clock.frozen(found.due_at + dt.timedelta(minutes=1)):
        climb_due(clock.now())
        sent = OutboxMessage.objects.for_system(reason="a test looks").filter(about_id=booked.id)
        assert sent.exists(), "the climb reaches somebody"
        assert AuditEvent.objects.filter(event="centre.booking.climbed").exists()
        with pytest.raises(CannotDo, match=rules.NO_WORDS):
            settle_missed(booked, actor=world.actor("psych"), words=" ")
        settle_missed(booked, actor=world.actor("psych"), words="去班里见了，改约明天")
    found.refresh_from_db(from_queryset=Deadline.objects.for_system(reason="a test looks"))
    assert found.met_at is not None


def test_control_without_its_clock_the_same_check_is_red(world, booked, monkeypatch):
    monkeypatch.setattr(bookings, "start_deadline", lambda *_args, **_kwargs: None)
    with pytest.raises(AssertionError, match="nobody is to ask after"):
        check_asked_after(world, booked, "")


def check_teacher_learns_little(sign_in, world, booked):
    """The check: whoever booked learns whether it was kept, and neither the words nor what came of it."""
    page = text_of(sign_in("teacher").get(url("own")))
    assert "欧阳思源" in page
    assert "未赴约" in page
    assert REASON not in page
    assert "询问" not in page, "what came afterwards is the counsellor's"


def test_the_story_of_a_booking_on_its_pages(sign_in, world, roster):
    teacher = sign_in("teacher")
    assert "没有找到" in text_of(teacher.get(url("own"), {"q": "张伟"})), "not of this class"
    there = url("book", world.students[0].id)
    assert there in text_of(teacher.get(url("own"), {"q": "欧阳"}))
    assert teacher.get(there).status_code == 200
    assert teacher.post(there, {"reason": REASON}).status_code == 422
    first = str(roster[0].id)
    assert teacher.post(there, {"slot": first, "reason": REASON}).status_code == 302
    second = url("book", world.students[1].id)
    answer = teacher.post(second, {"slot": first, "reason": "写了很多字"})
    assert answer.status_code == 422
    assert "刚刚被别人约走" in text_of(answer)
    assert "写了很多字" in text_of(answer), "what was typed stays"
    assert teacher.get(url("book", world.students[2].id)).status_code == 404
    assert AuditEvent.objects.filter(event="centre.pupil.read", subject_id=world.students[0].id).exists()
    row = every_booking().get()
    with after(row.slot):
        psych = sign_in("psych")
        assert "1 条预约待记录" in text_of(psych.get("/"))
        assert REASON in text_of(psych.get(url("booking", row.id)))
        assert psych.post(url("missed", row.id), follow=True).status_code == 200
        assert "请去问一问" in text_of(psych.get(url("day")))
        assert psych.post(url("settle", row.id), {"words": ""}).status_code == 422
        assert psych.post(url("settle", row.id), {"words": "去班里见了"}).status_code == 302
        check_teacher_learns_little(sign_in, world, row)
        assert sign_in("teacher").get(url("booking", row.id)).status_code == 403
        assert sign_in("other_psych").get(url("booking", row.id)).status_code == 404
    assert AuditEvent.objects.filter(event="centre.day.read").exists()


def test_control_where_every_word_were_told_the_same_check_is_red(sign_in, world, booked, monkeypatch):
    with after(booked.slot):
        note_missed(booked, actor=world.actor("psych"))
        settle_missed(booked, actor=world.actor("psych"), words="见了")
        label = lambda state: f"未赴约 {BookingState(state).label}"  # noqa: E731
        monkeypatch.setattr("xinqiao.care.centre.selectors.bookings.kept_words", label)
        with pytest.raises(AssertionError, match="is the counsellor's"):
            check_teacher_learns_little(sign_in, world, booked)
