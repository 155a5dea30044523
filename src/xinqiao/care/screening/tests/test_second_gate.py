"""The second gate: who waits there and who never does, its clock, the short talk, and that a person decides."""

import datetime as dt

import pytest
from django.conf import settings as django_settings

from xinqiao.care.alerts import rules
from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Interview, Notice, Signal
from xinqiao.care.alerts.selectors import at_the_gate, queue
from xinqiao.care.alerts.services import gates, interviewing
from xinqiao.care.alerts.services.interviewing import CannotRecord, Talk, record_interview
from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.policy.tests.local_packs import local_pack, put_in_force

pytestmark = pytest.mark.django_db
HIGH = {"phq-9": [2] * 8 + [0], "gad-7": [0] * 7}
CRY = {"phq-9": [0] * 8 + [1], "gad-7": [0] * 7}
DUE = dt.datetime(2026, 11, 30, 23, 59, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # the fifth school day, a Monday


def everyone():
    return Signal.objects.for_system(reason="test").select_related("student").order_by("raised_at", "id")


def flagged(campaign, student, answers=HIGH):
    sitting = hand_in(campaign, student, answers)
    tell_new_signals(clock.now())
    return everyone().get(origin_id=sitting.id)


def cry_of(student, source="student", urgency="orange"):
    signal = prepare_signal(
        student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id, source=source,
        urgency=urgency, evidence=50, basis=[Reason("asked_to_talk")], origin_kind="sitting", origin_id=student.id,
        once=f"{source}:{student.id}", at=clock.now(),
    )  # fmt: skip
    signal.save(force_insert=True)
    tell_new_signals(clock.now())
    return everyone().get(pk=signal.pk)


def kinds(signal):
    return set(open_clocks().filter(subject_id=signal.id).values_list("kind", flat=True))


def fresh(signal):
    return everyone().get(pk=signal.pk)


def short_talk(**changes):
    facts = {
        "held_at": clock.now(), "is_face_to_face": True, "asked_about_suicide": "yes", "risk_found": "none",
        "note": "", "kind": "gate", "asked": ("mood", "sleep"), "standing": "strained",
    }  # fmt: skip
    return Talk(**(facts | changes))


@pytest.fixture
def campaign(school):
    return school.launched(gate="talk")


@pytest.fixture
def waiting(school, campaign):
    return flagged(campaign, school.students[0])


def test_a_flag_waits_at_the_gate_under_its_own_clock(school, waiting):
    assert (waiting.gate, waiting.gate_state) == ("talk", "waiting")
    assert kinds(waiting) == {"gate"}
    (clock_row,) = open_clocks().filter(subject_id=waiting.id)
    assert (clock_row.began_at, clock_row.due_at) == (MONDAY_10, DUE)
    assert not Notice.objects.for_system(reason="test").filter(signal=waiting, ended_at=None).exists(), (
        "nobody is called"
    )
    assert set(OutboxMessage.objects.for_system(reason="test").values_list("about_kind", flat=True)) <= {"digest"}
    psych = school.actor("psych")
    assert [row.signal_id for row in at_the_gate(psych, MONDAY_10)] == [waiting.id]
    assert queue(psych, MONDAY_10) == []


def test_control_without_a_planned_gate_the_usual_clocks_run(school):
    signal = flagged(school.launched(), school.students[0])
    assert (signal.gate, kinds(signal)) == ("", {"acknowledge", "seen"})
    assert [row.signal_id for row in queue(school.actor("psych"), MONDAY_10)] == [signal.id]


def test_the_clock_follows_the_pack(school, tmp_path, settings):
    part = {"second_gate": {"within": {"value": {"school_days": 2}, "source": ["ours"]}}}
    put_in_force(tmp_path, settings, local_pack("shorter", school.unit.code, **part))
    signal = flagged(school.launched(gate="talk"), school.students[0])
    assert open_clocks().get(subject_id=signal.id).due_at == DUE - dt.timedelta(days=5)


def red_goes_straight(school, campaign):
    signal = flagged(campaign, school.students[0], CRY)
    assert (signal.urgency, signal.gate, kinds(signal)) == ("red", "", {"acknowledge", "guardian", "seen"})
    assert Notice.objects.for_system(reason="test").filter(signal=signal, ended_at=None).exists(), "somebody is called"


def test_red_never_waits(school, campaign):
    red_goes_straight(school, campaign)


def test_control_without_the_rule_red_would_wait(school, campaign, monkeypatch):
    monkeypatch.setattr(gates, "may_wait_at_gate", lambda **_: True)
    with pytest.raises(AssertionError):
        red_goes_straight(school, campaign)


@pytest.mark.parametrize("source", ["student", "critical_answer"])
def test_a_pupil_who_cried_first_never_waits(school, campaign, source):
    cry = cry_of(school.students[0], source)
    signal = flagged(campaign, school.students[0])
    assert (signal.gate, signal.joined_to_id, kinds(signal)) == ("", cry.id, set()), "it rides on the cry's clocks"
    assert kinds(cry) == {"acknowledge", "seen"}


@pytest.mark.parametrize("source", ["student", "critical_answer"])
def test_a_pupil_who_cries_later_leaves_the_gate(school, waiting, source):
    cry_of(waiting.student, source)
    signal = fresh(waiting)
    assert (signal.gate_state, kinds(signal)) == ("passed", {"seen"})
    assert at_the_gate(school.actor("psych"), MONDAY_10) == []
    assert [row.signals for row in queue(school.actor("psych"), MONDAY_10)] == [2]


def test_control_without_the_release_the_flag_would_go_on_waiting(waiting, monkeypatch):
    monkeypatch.setattr("xinqiao.care.alerts.services.telling.release_from_gate", lambda *_, **__: 0)
    cry_of(waiting.student)
    assert fresh(waiting).gate_state == "waiting"


def test_unanswered_it_climbs_and_stays_open(school, waiting):
    assert climb_due(DUE - dt.timedelta(minutes=1)) == []
    with clock.frozen(DUE):
        (climb,) = climb_due(DUE)
    assert (climb.kind, climb.rung) == ("gate", 1)
    called = Notice.objects.for_system(reason="test").filter(signal=waiting, ended_at=None)
    assert school.world.id_of("head") in set(called.values_list("staff_id", flat=True))
    assert (fresh(waiting).state, fresh(waiting).gate_state) == ("open", "waiting")


def test_passing_starts_the_usual_clock_from_the_talk(school, waiting):
    later = MONDAY_10 + dt.timedelta(days=3)
    with clock.frozen(later):
        interview = record_interview(waiting, actor=school.actor("psych"), talk=short_talk())
    signal = fresh(waiting)
    assert (signal.state, signal.gate_state, interview.kind, interview.outcome) == (
        "acknowledged",
        "passed",
        "gate",
        "",
    )
    assert kinds(signal) == {"seen"}
    seen = open_clocks().get(subject_id=signal.id)
    assert seen.began_at == later
    assert Deadline.objects.for_system(reason="test").get(subject_id=signal.id, kind="gate").met_at == later
    assert [row.signal_id for row in queue(school.actor("psych"), later)] == [signal.id]
    stored = Interview.objects.for_system(reason="test").get(pk=interview.pk)
    assert open_sealed([stored], "asked", "standing") == [{"asked": "mood,sleep", "standing": "strained"}]
    assert b"strained" not in bytes(stored.standing)


def test_after_the_full_interview_everything_is_settled(school, waiting):
    psych = school.actor("psych")
    record_interview(waiting, actor=psych, talk=short_talk())
    full = {"kind": "full", "outcome": "case", "level": "orange", "advice": "多留意", "review_on": dt.date(2026, 12, 7)}
    record_interview(fresh(waiting), actor=psych, talk=short_talk(**full, note="谈了很久"))
    assert (fresh(waiting).state, kinds(waiting)) == ("closed", set())


def test_acute_danger_found_at_the_gate_is_red_and_calls(school, waiting):
    record_interview(waiting, actor=school.actor("psych"), talk=short_talk(risk_found="acute"))
    signal = fresh(waiting)
    assert (signal.urgency, kinds(signal)) == ("red", {"guardian", "seen"})
    assert open_clocks().get(subject_id=signal.id, kind="seen").due_at.date() == MONDAY_10.date()
    assert Notice.objects.for_system(reason="test").filter(signal=signal, ended_at=None).exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"outcome": "nothing", "note": "没事"}, rules.NEEDS_REASON),
        ({"outcome": "nothing", "note": "题目看反了，以为是在问电影", "risk_found": "acute"}, rules.GATE_ACUTE),
        ({"outcome": "watch", "risk_found": "unclear"}, rules.GATE_ACUTE),
        ({"outcome": "nothing", "note": "题目看反了，以为是在问电影", "standing": "unwell"}, rules.GATE_UNWELL),
        ({"outcome": "watch"}, rules.NEEDS_LEVEL),
    ],
)
def test_what_a_short_talk_may_not_settle(school, waiting, changes, code):
    with pytest.raises(CannotRecord, match=code):
        record_interview(waiting, actor=school.actor("psych"), talk=short_talk(**changes))
    assert (fresh(waiting).state, kinds(waiting)) == ("open", {"gate"})
    assert not Interview.objects.for_system(reason="test").exists()


def test_control_without_the_rule_an_unwell_child_would_be_a_false_alarm(school, waiting, monkeypatch):
    monkeypatch.setattr(interviewing, "refusal_at_gate", lambda **_: None)
    talk = short_talk(outcome="nothing", note="题目看反了，以为是在问电影", standing="unwell")
    record_interview(waiting, actor=school.actor("psych"), talk=talk)
    assert fresh(waiting).state == "closed"


def test_a_false_alarm_is_a_persons_act_with_a_reason(school, waiting):
    talk = short_talk(outcome="nothing", note="题目看反了，以为是在问电影", standing="steady")
    record_interview(waiting, actor=school.actor("psych"), talk=talk)
    signal = fresh(waiting)
    assert (signal.state, signal.outcome, signal.closed_by) == ("closed", "nothing", school.world.id_of("psych"))
    assert kinds(signal) == set()


def test_a_short_talk_about_what_waits_at_no_gate_is_refused(school):
    signal = flagged(school.launched(), school.students[0])
    with pytest.raises(CannotRecord, match=rules.NOT_AT_GATE):
        record_interview(signal, actor=school.actor("psych"), talk=short_talk())


@pytest.mark.parametrize("login", ["teacher", "head", "lead"])
def test_nobody_else_writes_it_or_reads_who_waits(school, waiting, login):
    with pytest.raises(Forbidden):
        record_interview(waiting, actor=school.actor(login), talk=short_talk())
    assert at_the_gate(school.actor(login), MONDAY_10) == []


def test_reading_who_waits_leaves_one_event(school, waiting):
    at_the_gate(school.actor("psych"), MONDAY_10)
    (event,) = AuditEvent.objects.filter(event="alerts.gate.read")
    assert '"count":1' in event.facts.replace(" ", "")


@pytest.fixture
def psych(client, school):
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    client.force_login(school.world.users["psych"], backend=django_settings.AUTHENTICATION_BACKENDS[0])
    return client


def form(**changes):
    facts = {
        "held_at": "2026-11-23T10:00", "is_face_to_face": "in_person", "asked": ["mood"], "asked_about_suicide": "yes",
        "risk_found": "none", "standing": "strained", "note": "", "outcome": "interview",
    }  # fmt: skip
    return facts | changes


def test_the_queue_shows_them_as_a_group_and_the_form_moves_on(psych, school, waiting):
    page = psych.get("/alerts/").content.decode()
    assert "待复筛" in page
    assert f"/alerts/{waiting.id}/gate/" in page
    reply = psych.post(f"/alerts/{waiting.id}/gate/", form())
    assert reply.status_code == 302
    assert fresh(waiting).gate_state == "passed"
    assert psych.get(f"/alerts/{waiting.id}/gate/").status_code == 302, "on to the full interview"


def test_a_refused_form_keeps_what_was_typed_and_says_how_to_mend(psych, waiting):
    reply = psych.post(f"/alerts/{waiting.id}/gate/", form(outcome="nothing", note="看错"))
    text = reply.content.decode()
    assert reply.status_code == 422
    assert "看错</textarea>" in text
    assert fresh(waiting).state == "open"


def test_a_talk_is_chosen_in_the_plan_and_shown(psych, school):
    draft = school.launched(gate="talk", name="另一次")
    page = psych.get(f"/screening/{draft.id}/results/")
    assert page.status_code == 200
    text = psych.get("/screening/new/").content.decode()
    assert 'name="gate"' in text
    assert "十分钟简短访谈" in text
