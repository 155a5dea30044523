"""What staff report: who may, which urgency follows, that it is told at once and once, and who learns what of it."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from xinqiao.care.alerts.finding import find_pupils
from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Notice, Report, Signal
from xinqiao.care.alerts.rules import refusal_without_talk, urgency_by_rule
from xinqiao.care.alerts.selectors.queue import queue
from xinqiao.care.alerts.selectors.reports import find_own_report, own_reports, receipt_of, report_lines
from xinqiao.care.alerts.services import reporting, telling
from xinqiao.care.alerts.services.acknowledging import acknowledge_signal
from xinqiao.care.alerts.services.interviewing import CannotRecord, Talk, record_interview
from xinqiao.care.alerts.services.reporting import (
    PART_SEEN,
    Worry,
    hand_over,
    report_bullying,
    report_exposure,
    report_worry,
    urgency_of,
)
from xinqiao.care.alerts.states import Part, Source, TalkKind
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.clock import today
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.duty.tests.world import add_staff
from xinqiao.register.orgs.services.units import build_unit
from xinqiao.register.people.models import Student
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.policy.selectors import parameters_for

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
QUIET = Worry(
    typed="张伟", seen=("withdrawn",), factors=("study",), seen_when="today", words="这周不说话", key=uuid.UUID(int=7)
)
RED = replace(QUIET, seen=("withdrawn", "hurts-self"), words="", stayed=True)


def signals():
    return Signal.objects.for_system(reason="test")


def reports():
    return Report.objects.for_system(reason="test")


def clocks_of(signal):
    return set(open_clocks().filter(subject_id=signal.id).values_list("kind", flat=True))


@pytest.fixture
def report(world):
    """Report as somebody about a pupil, from where the somebody stands."""

    def write(login="teacher", worry=QUIET, student=None):
        actor = world.actor(login)
        place = actor.places("alerts.worry:report")[0]
        return report_worry(place, actor=actor, student=student or world.students[0], worry=worry)

    return write


# ---- who, and as whom


def test_a_report_is_a_signal_with_its_clock_that_people_are_told_of(world, report):
    made = report()
    signal = signals().get()
    assert (signal.source, signal.urgency, signal.state) == ("class_teacher", "yellow", "open")
    assert made.signal_id == signal.id
    assert clocks_of(signal) == {"acknowledge", "seen"}
    assert Notice.objects.for_system(reason="test").filter(signal=signal).exists()
    assert AuditEvent.objects.filter(event="alerts.report.made", subject_id=world.students[0].id).count() == 1


def test_red_is_told_in_the_same_moment(report, frozen):
    report(worry=RED)
    signal = signals().get()
    assert (signal.urgency, signal.told_at) == ("red", frozen)
    assert Notice.objects.for_system(reason="test").filter(signal=signal, created_at=frozen).exists()


@pytest.mark.parametrize(
    ("role", "source"),
    [
        (Role.SUBJECT_TEACHER, "subject_teacher"), (Role.MENTOR, "mentor"), (Role.DORM_KEEPER, "dorm_keeper"),
        (Role.GRADE_HEAD, "staff"), (Role.LEADING_GROUP, "staff"),
    ],
)  # fmt: skip
def test_each_reports_as_who_they_are(world, report, role, source):
    add_staff(world, "someone", "某人", role, world.school)
    report("someone")
    assert signals().get().source == source


def test_a_dormitory_keeper_reports_a_pupil_of_the_school_the_dormitory_hangs_at(world, report):
    house = build_unit(world.school, "dormitory", "d1", "一号楼")
    house.save(force_insert=True)
    add_staff(world, "keeper", "生管", Role.DORM_KEEPER, house, unit=world.school)
    report("keeper")
    assert signals().get().source == "dorm_keeper"


def test_another_class_is_reported_as_a_colleague_and_another_school_not_at_all(world, report):
    report("teacher_a")
    assert signals().get().source == Source.STAFF
    with pytest.raises(Forbidden):
        report(student=world.other_student)
    with pytest.raises(Forbidden):
        report_worry(world.other_school.path, actor=world.actor("teacher"), student=world.other_student, worry=QUIET)


def test_an_officer_reports_nothing_and_a_teacher_hands_nothing_over(world):
    for login, command in (("officer", report_worry), ("teacher", hand_over)):
        more = {"source": "hotline"} if command is hand_over else {}
        with pytest.raises(Forbidden):
            command(world.school.path, actor=world.actor(login), student=world.students[0], worry=QUIET, **more)


# ---- urgency by rule


@pytest.mark.parametrize(
    ("ticked", "at_least", "urgency"),
    [
        ((), "", "yellow"), (("yellow", "yellow"), "", "yellow"), (("yellow", "orange"), "", "orange"),
        (("orange", "red"), "", "red"), (("yellow",), "orange", "orange"), (("red",), "orange", "red"),
    ],
)  # fmt: skip
def test_the_strictest_of_what_was_ticked_and_of_the_source(ticked, at_least, urgency):
    assert urgency_by_rule(ticked, at_least) == urgency


def test_control_the_urgency_is_the_packs(world, report, monkeypatch):
    parameters = parameters_for(world.school.path, today())
    assert urgency_of(("hurts-self",), "staff", parameters) == "red"
    milder = replace(parameters, worry_observations=())
    assert urgency_of(("hurts-self",), "staff", milder) == "yellow", "nothing in the program knows the code"
    assert urgency_of((), "hotline", parameters) == "orange"


def test_the_parts_of_a_bullying_are_in_the_shipped_pack(world):
    codes = {row.code for row in parameters_for(world.school.path, today()).worry_observations}
    assert set(PART_SEEN.values()) <= codes
    assert {"something-else"} <= codes


# ---- once


def test_the_same_form_twice_is_one_report(report):
    first = report()
    assert isinstance(report(), Unchanged)
    assert reports().get().id == first.id


def test_control_another_key_another_pupil_or_other_words_are_another_report(world, report):
    report()
    report(worry=replace(QUIET, key=uuid.UUID(int=8)))
    report(worry=replace(QUIET, words="还有一句"))
    report(student=world.students[1])
    assert reports().count() == 4


def test_the_second_click_that_overtakes_writes_nothing(world, report, monkeypatch):
    """The first is written between the second's look and its insert: the database's constraint decides."""
    first = report()
    before = (signals().get().raised_at, AuditEvent.objects.filter(event="alerts.signal.raised").count())
    monkeypatch.setattr(reporting, "now", lambda: before[0] + MINUTE)
    assert isinstance(report(), Unchanged)
    assert reports().get().reported_at == first.reported_at
    assert AuditEvent.objects.filter(event="alerts.signal.raised").count() == before[1]


# ---- nobody to tell


def test_where_nobody_can_be_told_the_report_stands_and_the_job_tries_on(world, report, monkeypatch, frozen):
    def nobody(signals, *, at):
        raise telling.NobodyToTell

    monkeypatch.setattr(telling, "tell", nobody)
    made = report(worry=RED)
    assert signals().get().told_at is None
    assert receipt_of(world.actor("teacher"), find_own_report(world.actor("teacher"), made.id)).told == ()
    monkeypatch.undo()
    assert tell_new_signals(frozen) == 1


# ---- joining


def test_a_second_report_joins_the_first_and_starts_no_second_clock(world, report):
    report()
    report("teacher_a", worry=replace(QUIET, seen=("sleep-or-food",)))
    first, second = signals().order_by("raised_at", "id")
    assert second.joined_to_id == first.id
    assert clocks_of(first) == {"acknowledge", "seen"}
    assert clocks_of(second) == set()
    (row,) = queue(world.actor("psych"), first.raised_at)
    assert row.signals == 2
    assert {"突然沉默，不和人来往", "吃不下、睡不好，整天没精神"} <= set(row.reasons)


def test_a_more_urgent_one_is_told_again_and_runs_its_own_clock(world, report):
    report()
    report("teacher_a", worry=RED)
    first, second = signals().order_by("urgency").reverse()
    assert (first.urgency, second.urgency, second.joined_to_id) == ("yellow", "red", None)
    assert clocks_of(second) == {"acknowledge", "guardian", "seen"}
    assert Notice.objects.for_system(reason="test").filter(signal=second, ended_at=None).exists()
    (row,) = queue(world.actor("psych"), first.raised_at)
    assert row.urgency == "red"


def test_a_milder_one_joins_and_keeps_nothing_waiting(world, report):
    report(worry=RED)
    report("teacher_a")
    red, yellow = signals().order_by("urgency")
    assert (yellow.joined_to_id, clocks_of(yellow)) == (red.id, set())
    acknowledge_signal(red, actor=world.actor("psych"))
    assert signals().get(pk=yellow.pk).state == "acknowledged", "whoever has the child has both"


def test_control_another_pupils_signal_is_no_lead(world, report):
    report()
    report(student=world.students[1])
    assert [clocks_of(row) for row in signals()] == [{"acknowledge", "seen"}] * 2


def test_taking_the_milder_one_leaves_the_red_one_calling(world, report):
    report(worry=RED)
    report("teacher_a")
    red, yellow = signals().order_by("urgency")
    acknowledge_signal(yellow, actor=world.actor("psych"))
    assert signals().get(pk=red.pk).state == "open"
    assert clocks_of(red) == {"acknowledge", "guardian", "seen"}


TALK = Talk(held_at=None, is_face_to_face=True, asked_about_suicide="yes", risk_found="none",
            note="当面谈过，没有需要担心的", outcome="nothing")  # fmt: skip


def test_where_the_lead_is_settled_alone_the_other_gets_its_own_clocks(world, report, frozen):
    report()
    report("teacher_a", worry=replace(QUIET, seen=("sleep-or-food",)))
    first, second = signals().select_related("student").order_by("raised_at", "id")
    record_interview(first, actor=world.actor("psych"), talk=replace(TALK, held_at=frozen))
    left = signals().get(pk=second.pk)
    assert (left.state, left.joined_to_id) == ("open", None)
    assert clocks_of(left) == {"acknowledge", "seen"}, "nothing waits without a clock"


def test_control_without_releasing_it_would_wait_for_ever(world, report, frozen, monkeypatch):
    monkeypatch.setattr("xinqiao.care.alerts.services.interviewing.release_joined", lambda signals, *, at: 0)
    report()
    report("teacher_a", worry=replace(QUIET, seen=("sleep-or-food",)))
    first, second = signals().select_related("student").order_by("raised_at", "id")
    record_interview(first, actor=world.actor("psych"), talk=replace(TALK, held_at=frozen))
    assert clocks_of(second) == set()


# ---- settled without a talk


ASKED = Talk(
    held_at=None, is_face_to_face=False, asked_about_suicide="no", risk_found="not_talked", outcome="nothing",
    note="班主任说已与家长谈过，只是换座位", kind=TalkKind.ASKED.value, asked=("phone",),
)  # fmt: skip


def test_a_yellow_report_is_settled_after_asking_the_reporter(world, report, frozen):
    report()
    signal = signals().select_related("student").get()
    record_interview(signal, actor=world.actor("psych"), talk=replace(ASKED, held_at=frozen))
    assert (signals().get().state, signals().get().outcome) == ("closed", "nothing")
    (row,) = own_reports(world.actor("teacher"), frozen)
    assert row.is_settled


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"is_reported": False}, "not_reported"), ({"urgency": "orange"}, "needs_a_talk"),
        ({"urgency": "red", "outcome": "known"}, "needs_a_talk"), ({"outcome": "watch"}, "needs_a_talk"),
        ({"outcome": "case"}, "needs_a_talk"), ({"asked": ""}, "needs_asking"), ({"note": "没事"}, "needs_reason"),
        ({}, None),
    ],
)  # fmt: skip
def test_each_reason_against_it(facts, code):
    fine = {
        "is_reported": True,
        "urgency": "yellow",
        "outcome": "nothing",
        "asked": "phone",
        "note": "问过班主任了，是误会",
    }
    assert refusal_without_talk(**(fine | facts)) == code


@pytest.mark.parametrize("seen", ["hurts-self", "is-bullied"])
def test_red_and_orange_are_never_settled_without_a_talk(world, report, frozen, seen):
    report(worry=replace(QUIET, seen=(seen,)))
    signal = signals().select_related("student").get()
    with pytest.raises(CannotRecord, match="needs_a_talk"):
        record_interview(signal, actor=world.actor("psych"), talk=replace(ASKED, held_at=frozen))
    assert signals().get().state == "open"


def test_a_screenings_signal_is_never_settled_so(world, raise_one, frozen):
    signal = raise_one("yellow", source="screening")
    tell_new_signals(frozen)
    with pytest.raises(CannotRecord, match="not_reported"):
        record_interview(signal, actor=world.actor("psych"), talk=replace(ASKED, held_at=frozen))


# ---- hand-overs, incidents, bullying


def test_a_hotline_is_orange_at_least(world):
    hand_over(world.school.path, actor=world.actor("psych"), student=world.students[0], worry=QUIET, source="hotline")
    assert (signals().get().source, signals().get().urgency) == ("hotline", "orange")


def test_an_incident_is_a_signal_for_each(world):
    pupils = world.students[:2]
    made = report_exposure(world.school.path, actor=world.actor("head"), students=pupils, worry=QUIET)
    assert len(made) == signals().filter(source="exposure").count() == 2
    again = report_exposure(world.school.path, actor=world.actor("head"), students=pupils, worry=QUIET)
    assert isinstance(again, Unchanged)
    with pytest.raises(Forbidden):
        report_exposure(
            world.school.path, actor=world.actor("psych"), students=[*pupils, world.other_student], worry=QUIET
        )


@pytest.fixture
def pair(world):
    parts = {
        Part.SUFFERS: (world.students[0], replace(QUIET, words="被堵在楼道里")),
        Part.DOES: (world.students[1], replace(QUIET, words="带头起哄")),
    }
    return report_bullying(world.school.path, actor=world.actor("psych"), parts=parts)


def test_a_bullying_is_two_stories_that_only_the_psychology_teacher_sees_together(world, pair):
    suffers, does = (signals().get(pk=each.signal_id) for each in pair)
    assert (suffers.urgency, does.urgency) == ("orange", "yellow")
    lines = report_lines(world.actor("psych"), suffers)
    assert (lines.other, lines.words) == (does.id, "被堵在楼道里")
    assert report_lines(world.actor("psych"), does).words == "带头起哄"
    assert report_lines(world.actor("head"), suffers) is None
    assert report_lines(world.actor("other_psych"), suffers) is None


def test_the_database_refuses_one_pupil_twice_in_a_pair(world, pair):
    with pytest.raises(IntegrityError), transaction.atomic():
        reports().filter(pk=pair[1].pk).update(student=pair[0].student)


# ---- what the reporter learns


def test_the_receipt_says_as_what_people_were_told_and_nobodys_name(world, report):
    made = report(worry=RED)
    receipt = receipt_of(world.actor("teacher"), find_own_report(world.actor("teacher"), made.id))
    assert receipt.is_red
    assert receipt.told
    assert "林若溪" not in str(receipt)


def test_a_report_is_shown_to_nobody_but_its_writer(world, report, frozen):
    made = report()
    for login in ("teacher_a", "psych", "head", "other_psych"):
        assert find_own_report(world.actor(login), made.id) is None
        assert own_reports(world.actor(login), frozen) == []


def test_a_pupil_is_found_by_whole_name_in_a_class_or_by_number(world):
    assert find_pupils([world.class_b.path], "欧阳 思源") == [world.students[0]]
    assert find_pupils([world.school.path], "20260302") == [world.students[1]]
    assert find_pupils([world.class_a.path], "欧阳思源") == []
    assert find_pupils([world.school.path], "欧阳") == [], "half a name names nobody"
    assert find_pupils([world.school.path], " ") == []


def test_a_pupil_who_is_in_no_class_yet_is_found_too(sign_in, world):
    Student.objects.for_system(reason="test").filter(pk=world.students[0].pk).update(place=world.school.path)
    assert sign_in("teacher").post("/alerts/worries/new/", FORM).status_code == 302
    assert reports().get().student_id == world.students[0].id


# ---- pages


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


FORM = {
    "group": "", "pupil": "欧阳思源", "orange": [], "red": ["hurts-self"], "yellow": ["withdrawn"],
    "factors": ["study"], "seen_when": "now", "stayed": "yes", "words": "手腕上有新伤",
    "key": "01890000-0000-7000-8000-000000000001",
}  # fmt: skip


def test_a_teacher_reports_by_the_form_and_reads_the_receipt(sign_in, world):
    client = sign_in("teacher")
    page = client.get("/alerts/worries/new/").content.decode()
    assert "欧阳思源" in page, "the names of one's own class are offered"
    assert "12356" in page
    answer = client.post("/alerts/worries/new/", FORM, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "请陪着学生" in text
    assert "手腕" not in text
    again = client.post("/alerts/worries/new/", FORM, follow=True)
    assert again.redirect_chain[-1] == answer.redirect_chain[-1]
    assert reports().get().stayed is True
    assert "手腕" not in client.get("/alerts/worries/").content.decode()


def test_a_subject_teacher_is_offered_no_name_and_told_nothing_of_the_pupil(sign_in, world):
    add_staff(world, "subject", "科任", Role.SUBJECT_TEACHER, world.school)
    client = sign_in("subject")
    assert "欧阳" not in client.get("/alerts/worries/new/").content.decode()
    by_number = client.post("/alerts/worries/new/", FORM | {"pupil": "20260301"}, follow=True).content.decode()
    assert "20260301" in by_number
    assert "欧阳" not in by_number, "a number does not tell whose it is"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pupil": "没有这人"}, "没有找到"), ({"red": [], "yellow": []}, "请勾选最接近的一项"),
        ({"pupil": ""}, "请填写这一项"), ({"group": "elsewhere/"}, "可用的选项"), ({"pupil": "别校生"}, "没有找到"),
        ({"seen_when": "soon"}, "可用的选项"),
    ],
)  # fmt: skip
def test_a_refused_form_keeps_what_was_typed(sign_in, change, words):
    answer = sign_in("teacher").post("/alerts/worries/new/", FORM | change)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "手腕上有新伤" in text
    assert not reports().exists()


def test_two_of_the_same_name_are_asked_apart(sign_in, world):
    register_students(world.school, [StudentDraft("欧阳思源", world.class_a, "20260109")], today())
    client = sign_in("teacher")
    assert "同名" in client.post("/alerts/worries/new/", FORM).content.decode()
    assert client.post("/alerts/worries/new/", FORM | {"group": world.class_b.path}).status_code == 302
    assert reports().get().student_id == world.students[0].id


@pytest.mark.parametrize(
    ("login", "path", "status"),
    [
        ("officer", "/alerts/worries/new/", 403), ("officer", "/alerts/worries/", 403),
        ("teacher", "/alerts/hand-over/", 403), ("teacher", "/alerts/hand-over/incident/", 403),
        ("teacher", "/alerts/hand-over/bullying/", 403), ("psych", "/alerts/hand-over/", 200),
        ("head", "/alerts/hand-over/incident/", 200), ("psych", "/alerts/hand-over/bullying/", 200),
    ],
)  # fmt: skip
def test_who_may_open_what(sign_in, login, path, status):
    assert sign_in(login).get(path).status_code == status


def test_another_ones_receipt_is_not_there_and_the_try_is_audited(sign_in, world, report):
    made = report()
    assert sign_in("teacher_a").get(f"/alerts/worries/{made.id}/").status_code == 404
    assert AuditEvent.objects.filter(event="access.refused", subject_id=made.id).exists()


def test_handing_over_by_the_form(sign_in):
    client = sign_in("psych")
    assert client.post("/alerts/hand-over/", FORM | {"source": "counsellor"}).status_code == 302
    assert signals().get().source == "counsellor"


def test_an_incident_of_a_whole_class_and_of_some_by_name(sign_in, world):
    client, group = sign_in("psych"), world.class_b.path
    told = {"group": group, "names": "", "seen_when": "today", "words": "目睹了一起车祸"}
    key = {"key": "01890000-0000-7000-8000-000000000002"}
    wrong = client.post("/alerts/hand-over/incident/", told | key | {"names": "欧阳思源，没有这人"})
    assert (wrong.status_code, "没有这人" in wrong.content.decode()) == (422, True)
    assert client.post("/alerts/hand-over/incident/", told | key | {"names": "欧阳思源"}).status_code == 302
    assert reports().count() == 1
    other = {"key": "01890000-0000-7000-8000-000000000003"}
    assert client.post("/alerts/hand-over/incident/", told | other).status_code == 302
    assert reports().count() == 3, "the class has two; one joined her own"
    assert [row.pupils for row in own_reports(world.actor("psych"), clock.now())] == [3], "sent in the same moment"


def test_a_bullying_by_the_form(sign_in, world):
    told = {
        "suffers_group": "", "suffers": "欧阳思源", "suffers_words": "被起外号", "does_group": "", "does": "张伟",
        "does_words": "起外号", "seen_when": "week", "key": "01890000-0000-7000-8000-000000000004",
    }  # fmt: skip
    client = sign_in("psych")
    assert client.post("/alerts/hand-over/bullying/", told | {"does": "欧阳思源"}).status_code == 422
    assert client.post("/alerts/hand-over/bullying/", told).status_code == 302
    suffers, does = signals().order_by("student__created_at", "student_id")
    text = client.get(f"/alerts/{suffers.id}/").content.decode()
    assert "被起外号" in text
    assert f"/alerts/{does.id}/" in text
    assert "这起欺凌" not in sign_in("head").get(f"/alerts/{suffers.id}/").content.decode()


def test_settling_after_asking_by_the_form(sign_in, world, report):
    report()
    signal = signals().get()
    client = sign_in("psych")
    assert "不谈话就了结" in client.get(f"/alerts/{signal.id}/").content.decode()
    told = {"outcome": "known", "asked": "in_person", "note": "已在每周辅导中，班主任知道"}
    assert client.post(f"/alerts/{signal.id}/asked/", told | {"note": "好"}).status_code == 422
    assert sign_in("head").post(f"/alerts/{signal.id}/asked/", told).status_code == 403
    assert sign_in("other_psych").post(f"/alerts/{signal.id}/asked/", told).status_code == 404
    assert sign_in("psych").post(f"/alerts/{signal.id}/asked/", told).status_code == 302
    assert signals().get().outcome == "known"
    assert "已有人看过" in sign_in("teacher").get("/alerts/worries/").content.decode()


def test_a_red_report_offers_no_settling_without_a_talk(sign_in, report):
    report(worry=RED)
    assert "不谈话就了结" not in sign_in("psych").get(f"/alerts/{signals().get().id}/").content.decode()


def test_the_list_costs_the_same_for_one_and_for_twenty(world, report, frozen):
    def cost():
        with CaptureQueriesContext(connection) as found:
            own_reports(world.actor("teacher"), frozen)
        return len(found)

    report()
    one = cost()
    for number in range(20):
        report(worry=replace(QUIET, key=uuid.UUID(int=100 + number)))
    assert cost() == one


def test_the_queue_costs_the_same_with_reports(world, report, frozen):
    def cost():
        with CaptureQueriesContext(connection) as found:
            queue(world.actor("psych"), frozen)
        return len(found)

    report()
    one = cost()
    for student in world.students[1:]:
        report(student=student)
    assert cost() == one
