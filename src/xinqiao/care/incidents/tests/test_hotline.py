"""The hotline of an incident: a call about a pupil is a signal, a promise has a clock, a hole in the roster is seen."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.rows import every_signal
from xinqiao.care.incidents import rules
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.models import Hotline
from xinqiao.care.incidents.rows import every_exposure, every_hotline, every_phone_call
from xinqiao.care.incidents.selectors.hotline import holes_of, hotline_page
from xinqiao.care.incidents.selectors.reports import composed
from xinqiao.care.incidents.services import phoning
from xinqiao.care.incidents.services.opening import close_incident
from xinqiao.care.incidents.services.phoning import (
    HotlineDraft,
    end_hotline,
    open_hotlines,
    remove_shift,
    settle_back,
    waive_back,
)
from xinqiao.care.incidents.tests.modes import CONCERN
from xinqiao.care.incidents.tests.test_plan import clocks, running
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock, ids
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.accounts.models import Membership
from xinqiao.register.deadlines.jobs.climb import climb_due

DAY = dt.date(2026, 11, 23)
MINUTE = dt.timedelta(minutes=1)


def page(client, name, *args, status=200, **data) -> str:
    answer = client.post(reverse(name, args=args), data) if data else client.get(reverse(name, args=args))
    assert answer.status_code == status, (name, answer.status_code)
    return answer.content.decode()


def call_about_a_pupil_is_a_signal(modes):
    """The check: the call is kept with a signal of the hotline about that pupil, as urgent as the pack says."""
    student = modes.world.students[0]
    made = modes.call(modes.open(), student=student, is_urgent=True)
    signal = every_signal().filter(pk=made.signal_id).first()
    assert signal is not None, "a call about a pupil raised nothing"
    assert (signal.student_id, signal.source, signal.urgency) == (student.id, "hotline", "red")
    assert signal.told_at is not None


def test_a_call_about_a_pupil_is_a_signal_at_once(modes):
    call_about_a_pupil_is_a_signal(modes)
    assert AuditEvent.objects.filter(event="incidents.phone.signalled").count() == 1


def test_control_a_call_that_raises_nothing_would_be_found(modes, monkeypatch):
    def forget(call, student, _words):
        call.student, call.signal_id = student, ids.new_id()

    monkeypatch.setattr(phoning, "_raise", forget)
    with pytest.raises(AssertionError):
        call_about_a_pupil_is_a_signal(modes)


def test_where_nobody_can_be_told_the_signal_stands_and_the_call_is_kept(modes):
    hotline, actor = modes.open(), modes.actor("psych")
    draft = phoning.CallDraft(ids.new_id(), "guardian", CONCERN, "", False, False, "", modes.world.students[0])
    Membership.objects.all().delete()
    made = phoning.take_call(hotline, actor=actor, draft=draft)
    signal = Signal.objects.for_system(reason="test").get(pk=made.signal_id)
    assert signal.told_at is None
    assert every_phone_call().filter(pk=made.pk).exists()


def test_the_same_form_twice_is_one_call_and_one_signal(modes):
    hotline, once = modes.open(), ids.new_id()
    modes.call(hotline, once=once, student=modes.world.students[0], is_back=True)
    assert isinstance(modes.call(hotline, once=once, student=modes.world.students[0], is_back=True), Unchanged)
    assert every_phone_call().count() == every_signal().count() == clocks(kind="hotline_back").count() == 1


def test_a_pupil_of_another_school_is_refused_and_nothing_is_kept(modes):
    hotline = modes.open()
    with pytest.raises(CannotDo, match=rules.NOT_AT_SCHOOL):
        modes.call(hotline, student=modes.world.other_student)
    assert every_phone_call().count() == every_signal().count() == 0


def test_a_promise_has_a_clock_by_its_urgency_and_climbs_to_the_school(modes):
    hotline = modes.open()
    usual, urgent = modes.call(hotline, is_back=True), modes.call(hotline, is_back=True, is_urgent=True)
    assert (usual.back_due_at - usual.at, urgent.back_due_at - urgent.at) == (240 * MINUTE, 30 * MINUTE)
    before = OutboxMessage.objects.for_system(reason="test").filter(about_kind="incident").count()
    with clock.frozen(urgent.back_due_at):
        assert climb_due(urgent.back_due_at)
    assert OutboxMessage.objects.for_system(reason="test").filter(about_kind="incident").count() > before
    assert not OutboxMessage.objects.for_system(reason="test").filter(body__contains=CONCERN).exists()


def test_called_back_the_clock_ends_and_the_pupil_who_was_meant_becomes_a_signal(modes):
    call = modes.call(modes.open(), is_back=True)
    settle_back(call, actor=modes.actor("psych"), words="是张伟", student=modes.world.students[2])
    assert not running(call.id)
    kept = modes.fresh(call)
    assert kept.back_state == "done"
    assert every_signal().get(pk=kept.signal_id).student_id == modes.world.students[2].id
    assert isinstance(settle_back(call, actor=modes.actor("psych"), words="又"), Unchanged)
    assert every_signal().count() == 1


def the_mode_stays_open_while_somebody_waits(modes):
    """The check: the end is refused while a call back is promised, and the incident does not close over the mode."""
    hotline = modes.open()
    call = modes.call(hotline, is_back=True)
    refused = ""
    try:
        end_hotline(hotline, actor=modes.actor(), words="来电已少")
    except CannotDo as error:
        refused = error.codes[0]
    assert refused == rules.BACKS_OPEN, "a hotline ended while somebody waited to be called back"
    waive_back(call, actor=modes.actor("psych"), words="号码有误")
    assert not running(call.id)


def test_an_open_call_back_keeps_the_mode_open_and_the_mode_the_incident(modes):
    the_mode_stays_open_while_somebody_waits(modes)
    modes.people.settle_all()
    with pytest.raises(CannotDo, match=rules.HOTLINE_OPEN):
        close_incident(modes.incident, actor=modes.actor(), words="结束")
    hotline = every_hotline().get()
    with pytest.raises(CannotDo, match=rules.NO_WORDS):
        end_hotline(hotline, actor=modes.actor(), words=" ")
    end_hotline(hotline, actor=modes.actor(), words="三天没有来电")
    assert isinstance(end_hotline(hotline, actor=modes.actor(), words="再"), Unchanged)
    with pytest.raises(CannotDo, match=rules.MODE_ENDED):
        modes.call(hotline)
    close_incident(modes.incident, actor=modes.actor(), words="结束")


def test_control_an_end_that_forgets_those_who_wait_would_be_found(modes, monkeypatch):
    monkeypatch.setattr(phoning, "_is_somebody_waiting", lambda _hotline: False)
    with pytest.raises(AssertionError):
        the_mode_stays_open_while_somebody_waits(modes)


def hours_without_a_person(modes, hotline):
    return [(row.day.day, row.hours) for row in holes_of(hotline, clock.now())]


def a_hole_is_shown(modes):
    """The check: an hour without a person, or with one who may not take calls any more, is a fault on the page."""
    hotline = modes.open()
    modes.shift(hotline, from_hour=8, hours=6)
    modes.shift(hotline, from_hour=16, hours=4, sitter=modes.world.id_of("psych2"))
    assert hours_without_a_person(modes, hotline) == [(23, "14:00\N{EN DASH}16:00"), (24, "08:00\N{EN DASH}20:00")]
    Membership.objects.filter(user=modes.world.users["psych2"]).delete()
    assert (23, "14:00\N{EN DASH}20:00") in hours_without_a_person(modes, hotline)


def test_an_hour_without_a_person_is_a_fault(modes):
    a_hole_is_shown(modes)


def test_control_a_roster_that_counts_everybody_would_be_found(modes, monkeypatch):
    monkeypatch.setattr(rules, "holes", lambda *_all: [])
    with pytest.raises(AssertionError):
        a_hole_is_shown(modes)


def test_a_substitute_fills_the_hour_and_who_is_taken_off_leaves_it(modes):
    hotline = modes.open()
    row = modes.shift(hotline, sitter=modes.world.id_of("psych2"), substitute=modes.world.id_of("psych"))
    Membership.objects.filter(user=modes.world.users["psych2"]).delete()
    assert [day for day, _hours in hours_without_a_person(modes, hotline)] == [24]
    remove_shift(row, actor=modes.actor())
    assert [day for day, _hours in hours_without_a_person(modes, hotline)] == [23, 24]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"from_hour": 20, "hours": 5}, rules.NO_HOURS),
        ({"hours": 0}, rules.NO_HOURS),
        ({"day": DAY - dt.timedelta(days=1)}, rules.DAY_BEHIND),
        ({"sitter": "teacher"}, rules.NOT_ABLE),
        ({"substitute": "psych"}, rules.TWICE),
    ],
)
def test_what_cannot_be_put_on_the_roster_says_why(modes, more, code):
    more = {key: modes.world.id_of(word) if isinstance(word, str) else word for key, word in more.items()}
    with pytest.raises(CannotDo, match=code):
        modes.shift(modes.open(), **more)


def test_there_is_one_open_hotline_also_for_the_database(modes):
    hotline = modes.open()
    again = HotlineDraft(ids.new_id(), "0592-1", 8, 2)
    assert isinstance(phoning.open_hotline(modes.incident, actor=modes.actor(), draft=again), Unchanged)
    copy = Hotline.objects.for_system(reason="test").get(pk=hotline.pk)
    copy.pk, copy.once = ids.new_id(), "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_a_bureau_opens_one_for_several_schools_of_its_own_alone(modes):
    draft, world = HotlineDraft(ids.new_id(), "0592-5551111", 8, 12), modes.world
    with pytest.raises(Forbidden):
        open_hotlines(world.county.path, actor=world.actor("head"), incidents=[modes.incident], draft=draft)
    with pytest.raises(CannotDo, match=rules.NOT_AT_SCHOOL):
        open_hotlines(world.other_school.path.rsplit("/", 2)[0] + "/", actor=_city(world), incidents=[modes.incident],
                      draft=draft)  # fmt: skip
    (made,) = open_hotlines(world.county.path, actor=world.actor("officer"), incidents=[modes.incident], draft=draft)
    assert made.is_bureau
    again = open_hotlines(world.county.path, actor=world.actor("officer"), incidents=[modes.incident], draft=draft)
    assert isinstance(again, Unchanged)


def _city(world):
    """An officer over the whole city, who names the other county as the place."""
    from xinqiao.foundation.access.permissions import Role
    from xinqiao.register.duty.tests.world import add_staff
    from xinqiao.register.orgs.models import Unit

    city = Unit.objects.get(pk=world.county.parent_id)
    add_staff(world, "city", "高远", Role.COUNTY_OFFICER, city)
    return world.actor("city")


def test_counts_stand_on_the_page_and_in_the_draft_of_a_report(modes):
    hotline = modes.open()
    for caller in ("guardian", "guardian", "press"):
        modes.call(hotline, caller=caller)
    shown = hotline_page(modes.actor(), modes.incident, clock.now())
    assert [(row.by_caller, row.count) for row in shown.by_hour] == [((2, 0, 1, 0), 3)]
    text = composed(modes.people.report("follow-up"))
    assert "10:00" in text
    assert CONCERN not in text


def test_the_pages_from_opening_to_the_end(sign_in, modes):
    client, known = sign_in("psych"), modes.incident.id
    assert "开通热线" in page(client, "incidents:hotline", known)
    bad = {"once": str(ids.new_id()), "numbers": "0592-5550000", "from_hour": "20", "to_hour": "8"}
    text = page(client, "incidents:hotline", known, status=422, **bad)
    assert "0592-5550000" in text
    assert "时间不在同一天内" in text
    page(client, "incidents:hotline", known, status=302, **{**bad, "from_hour": "8", "to_hour": "20"})
    row = every_hotline().get()
    assert "无人值守" in page(client, "incidents:hotline", known)
    page(client, "incidents:shift", row.id, status=302, once=str(ids.new_id()), day="2026-11-23", from_hour="8",
         to_hour="20", sitter=str(modes.world.id_of("psych")), substitute="")  # fmt: skip
    call = {"once": str(ids.new_id()), "caller": "guardian", "concern": CONCERN, "pupil": "没有这个人"}
    text = page(client, "incidents:phone", row.id, status=422, **call)
    assert CONCERN in text
    assert every_phone_call().count() == 0
    page(client, "incidents:phone", row.id, status=302, is_unfound="on", **call)
    kept = every_phone_call().get()
    assert kept.back_state == "waiting"
    assert "没有这个人" in page(client, "incidents:back", kept.id)
    page(client, "incidents:back-waive", kept.id, status=422, words="")
    page(client, "incidents:back", kept.id, status=422, words="", pupil="张伟")
    page(client, "incidents:back", kept.id, status=302, words="是张伟", pupil="张伟")
    assert every_signal().get().student_id == modes.world.students[2].id
    assert AuditEvent.objects.filter(event="incidents.back.read", subject_kind="incident").exists()
    assert "张伟" in page(client, "incidents:hotline", known)
    page(client, "incidents:hotline-end", row.id, status=422, words="")
    page(client, "incidents:hotline-end", row.id, status=302, words="三天没有来电")
    assert "三天没有来电" in page(client, "incidents:hotline", known)


def the_leading_group_reads_no_call(sign_in, modes):
    """The check: whoever leads without names reads counts and no word of a call."""
    modes.call(modes.open(), student=modes.world.students[0])
    text = page(sign_in("lead"), "incidents:hotline", modes.incident.id)
    for word in (CONCERN, "欧阳思源"):
        assert word not in text, word
    call = every_phone_call().get()
    assert sign_in("lead").get(reverse("incidents:back", args=[call.id])).status_code == 403
    assert sign_in("other_psych").get(reverse("incidents:back", args=[call.id])).status_code == 404


def test_the_leading_group_reads_counts_alone(sign_in, modes):
    the_leading_group_reads_no_call(sign_in, modes)
    assert AuditEvent.objects.filter(event="access.refused").exists()


def test_control_with_the_right_to_names_the_words_would_stand_there(sign_in, modes, monkeypatch):
    from xinqiao.care.incidents.selectors import hotline

    monkeypatch.setattr(hotline, "Permission", type("P", (), {"INCIDENT_EXPOSED": "incidents.incident:lead"}))
    with pytest.raises(AssertionError):
        the_leading_group_reads_no_call(sign_in, modes)


def test_a_mode_says_on_the_incident_that_it_is_open(sign_in, modes):
    modes.open()
    assert "热线已开通" in page(sign_in("head"), "incidents:one", modes.incident.id)
    assert every_exposure().count() == 0
