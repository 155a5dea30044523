"""A joint activation with health: begun from a received report, every partner with a clock, no pupil's name in it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from xinqiao.care.incidents import facts, rules
from xinqiao.care.incidents.errors import CannotDo
from xinqiao.care.incidents.models import JointActivation
from xinqiao.care.incidents.rows import every_activation, every_incident, every_joint_note, every_part
from xinqiao.care.incidents.services import joining
from xinqiao.care.incidents.services.doing import call_experts
from xinqiao.care.incidents.services.joining import (
    ask_part,
    end_activation,
    note_situation,
    settle_part,
)
from xinqiao.care.incidents.services.opening import close_incident
from xinqiao.care.incidents.tests.modes import GROUNDS, HOUR, STATION, put_partner
from xinqiao.care.incidents.tests.test_hotline import page
from xinqiao.care.incidents.tests.test_plan import clocks, leaves, running
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock, ids
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.jobs.climb import climb_due


@pytest.fixture
def joint(modes, monkeypatch):
    put_partner(monkeypatch, STATION)
    modes.received()
    return modes


def test_it_begins_with_the_partner_asked_the_experts_called_and_every_clock_running(joint):
    made = joint.begin()
    part = joint.part(made)
    assert (made.partner_name, made.lead_education) == (STATION.name, joint.world.id_of("officer"))
    assert made.call is not None
    assert made.call.kind == "call"
    assert all(running(each) for each in (part.id, made.id, made.call_id))
    assert clocks(kind="joint_answer", subject_id=part.id).get().place == joint.incident.place
    assert isinstance(joint.begin(), Unchanged)
    assert every_activation().count() == 1


def test_a_call_out_that_waits_at_the_school_is_bound_to_it(joint):
    line = call_experts(joint.incident, actor=joint.actor(), once=ids.new_id(), words="市专家队")
    assert joint.begin(is_calling=False).call_id == line.id


def test_without_a_received_report_or_an_agreement_in_force_it_does_not_begin(modes, monkeypatch):
    put_partner(monkeypatch, STATION)
    with pytest.raises(CannotDo, match=rules.NO_REPORT):
        modes.begin()
    modes.received()
    with pytest.raises(CannotDo, match=rules.NO_PARTNER):
        modes.begin(partner=ids.new_id())
    with pytest.raises(CannotDo, match=rules.NO_SUCH_WORD):
        modes.begin(level="planet")
    with pytest.raises(Forbidden):
        joining.open_activation(modes.incident, actor=modes.actor("head"), draft=None)
    assert every_activation().count() == 0


def no_pupil_is_named_to_the_bureau(joint):
    """The check: no text of an activation is kept that names a pupil of the incident."""
    joint.people.expose(joint.world.students[0])
    made, officer, kept = joint.begin(), joint.actor("officer"), []
    part = joint.part(made)
    tries = (
        lambda: ask_part(made, actor=officer, once=ids.new_id(), whom="县医院", words="请看望欧阳思源"),
        lambda: note_situation(made, actor=officer, once=ids.new_id(), at=clock.now(), words="欧阳 思源已回家"),
        lambda: joint.promise(part, words="陪伴欧阳思源"),
        lambda: settle_part(part, actor=officer, target="waived", words="欧阳思源已出院"),
    )
    for each in tries:
        try:
            each()
            kept.append("kept")
        except CannotDo as error:
            kept += [code for code in error.codes if code != rules.NAMES_PUPIL]
    assert not kept, "a text that names a pupil was kept"


def test_no_text_of_it_names_a_pupil(joint):
    no_pupil_is_named_to_the_bureau(joint)


def test_control_without_the_look_for_names_they_would_stand_there(joint, monkeypatch):
    monkeypatch.setattr(facts, "names_of_exposed", lambda _incident: [])
    with pytest.raises(AssertionError):
        no_pupil_is_named_to_the_bureau(joint)


def a_silent_partner_climbs(joint):
    """The check: an answer that does not come is told to the officer in the minute it is due, in neutral words."""
    joint.people.settle_all()
    part = joint.part(joint.begin(is_calling=False))
    with clock.frozen(part.due_at):
        climb_due(part.due_at)
    told = OutboxMessage.objects.for_system(reason="test").filter(about_kind="incident", created_at=part.due_at)
    assert told.filter(key_id=joint.world.staff["officer"].key_id).exists(), "nobody heard of it"
    assert not told.filter(body__contains=GROUNDS).exists()


def test_a_partner_that_does_not_answer_climbs_to_the_officer(joint):
    a_silent_partner_climbs(joint)


def test_control_without_a_clock_nobody_would_hear(joint, monkeypatch):
    monkeypatch.setattr(joining, "start", lambda *_all, at, **_more: at + HOUR)
    with pytest.raises(AssertionError):
        a_silent_partner_climbs(joint)


def test_what_a_partner_contributes_has_a_clock_of_its_arrival(joint):
    part = joint.part(joint.begin())
    for more, code in (({"people": 0}, rules.NO_PEOPLE), ({"arrives_at": clock.now() - HOUR}, rules.COMES_BEFORE)):
        with pytest.raises(CannotDo, match=code):
            joint.promise(part, **more)
    joint.promise(part)
    arrival = clocks(kind="joint_arrival", subject_id=part.id).get()
    assert arrival.due_at == clock.now() + HOUR
    assert clocks(kind="joint_answer", subject_id=part.id).get().met_at is not None
    settle_part(part, actor=joint.actor("officer"), target="came", words="")
    assert not running(part.id)
    with pytest.raises(CannotDo, match=rules.NOT_NOW):
        settle_part(part, actor=joint.actor("officer"), target="declined", words="迟了")


def test_the_situation_is_written_on_and_its_clock_begins_anew(joint):
    made, once = joint.begin(), ids.new_id()
    with clock.frozen(clock.now() + 2 * HOUR):
        note_situation(made, actor=joint.actor("officer"), once=once, at=clock.now(), words="两名咨询师已开始访谈")
        again = note_situation(made, actor=joint.actor("officer"), once=once, at=clock.now(), words="同上")
    assert isinstance(again, Unchanged)
    assert every_joint_note().count() == 1
    own = clocks(kind="joint_situation", subject_id=made.id)
    assert (own.filter(met_at=None).count(), own.count()) == (1, 2)
    assert joint.fresh(made).situation_due_at == made.situation_due_at + 2 * HOUR


def test_it_ends_with_a_reason_when_nobody_is_awaited_and_keeps_the_incident_open_until_then(joint):
    made, officer = joint.begin(), joint.actor("officer")
    with pytest.raises(CannotDo, match=rules.PARTS_OPEN):
        end_activation(made, actor=officer, words="平稳")
    settle_part(joint.part(made), actor=officer, target="declined", words="人员在外")
    joint.people.settle_all()
    with pytest.raises(CannotDo, match=rules.JOINT_ACTIVE):
        close_incident(joint.incident, actor=joint.actor(), words="结束")
    with pytest.raises(CannotDo, match=rules.NO_WORDS):
        end_activation(made, actor=officer, words="")
    end_activation(made, actor=officer, words="情况平稳，转入日常")
    assert not running(made.id)
    assert isinstance(end_activation(made, actor=officer, words="再"), Unchanged)
    close_incident(joint.incident, actor=joint.actor(), words="结束")
    assert every_incident().get().state == "closed"


def test_one_runs_at_a_time_also_for_the_database(joint):
    copy = JointActivation.objects.for_system(reason="test").get(pk=joint.begin().pk)
    copy.pk, copy.once = ids.new_id(), ids.new_id()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_the_pages_from_the_report_to_the_end_and_what_the_school_sees(sign_in, joint):
    officer, report = sign_in("officer"), joint.people.report("first")
    assert "联合启动" in page(officer, "incidents:report-read", report.id)
    sent = {"once": str(ids.new_id()), "grounds": GROUNDS, "level": "county", "partner": str(STATION.id),
            "lead_health": "沈站长", "asked": "请派人", "is_calling": "on"}  # fmt: skip
    assert GROUNDS in page(officer, "incidents:joint-begin", report.id, status=422, **{**sent, "lead_health": ""})
    page(officer, "incidents:joint-begin", report.id, status=302, **sent)
    made = every_activation().get()
    assert "联合启动" in page(officer, "incidents:counts")
    page(officer, "incidents:joint-ask", made.id, status=302, once=str(ids.new_id()), whom="公安", words="请维持秩序")
    first, second = every_part().order_by("asked_at", "whom")
    page(officer, "incidents:part", first.id, status=422, people="0", arrives_at="")
    when = timezone.localtime(clock.now() + HOUR).strftime("%Y-%m-%dT%H:%M")
    page(officer, "incidents:part", first.id, status=302, people="2", arrives_at=when, words="带专业设备")
    page(officer, "incidents:part-settle", second.id, status=422, target="declined", words="")
    page(officer, "incidents:part-settle", second.id, status=302, target="declined", words="今天没有人手")
    page(officer, "incidents:joint-situation", made.id, status=302, once=str(ids.new_id()), words="开始访谈",
         at=timezone.localtime(clock.now()).strftime("%Y-%m-%dT%H:%M"))  # fmt: skip
    text = page(sign_in("head"), "incidents:one", joint.incident.id)
    for words in (STATION.name, "沈站长", "带专业设备", "开始访谈", "今天没有人手"):
        assert words in text
    assert sign_in("head").get(reverse("incidents:joint", args=[made.id])).status_code == 403
    officer = sign_in("officer")
    page(officer, "incidents:part-settle", first.id, status=302, target="came", words="")
    page(officer, "incidents:joint-end", made.id, status=302, words="平稳")
    assert "平稳" in page(officer, "incidents:joint", made.id)
    assert AuditEvent.objects.filter(event="incidents.joint.read").exists()


def test_who_leads_for_education_and_leaves_hands_it_over(joint):
    made = joint.begin()
    leaves(joint.world.id_of("officer"), joint.people)
    assert joint.fresh(made).lead_education == joint.world.id_of("head")
    assert AuditEvent.objects.filter(event="incidents.joint.handed_over").count() == 1


def test_without_a_partner_in_force_the_page_says_what_to_do(sign_in, joint, monkeypatch):
    put_partner(monkeypatch)
    assert "协作机构名录" in page(sign_in("officer"), "incidents:joint-begin", joint.people.report("first").id)
    assert every_activation().count() == 0
