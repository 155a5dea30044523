"""Pages of incidents in both languages: what can be done on them, what they tell to whom, and what they cost."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from xinqiao.care.alerts.rows import every_signal
from xinqiao.care.incidents.rows import every_drill, every_exposure, every_incident, every_line, every_note
from xinqiao.care.incidents.tests.conftest import SAID, WHAT, WHERE
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock, ids
from xinqiao.foundation.core.clock import now
from xinqiao.register.people.registering import StudentDraft, register_students

MINUTE = dt.timedelta(minutes=1)


def page(client, name, *args, status=200, **data) -> str:
    answer = client.post(reverse(name, args=args), data) if data else client.get(reverse(name, args=args))
    assert answer.status_code == status, (name, answer.status_code)
    return answer.content.decode()


def moment(at) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def form_of(world, **more) -> dict:
    fields = {
        "once": str(ids.new_id()), "school": str(world.school.id), "kind": "accident", "where": WHERE, "what": WHAT,
        "happened_at": moment(now() - 5 * MINUTE), "leader": str(world.id_of("head")),
    }  # fmt: skip
    return {**fields, **more}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders_in_both_languages(sign_in, people, world, language):
    hurt, mate = people.expose(world.students[0], how="hurt") + people.expose(world.students[1])
    people.send("first")
    incident, report = people.incident, people.report()
    client = sign_in("head", language)
    for name, args in (
        ("index", ()), ("new", ()), ("drills", ()), ("one", (incident.id,)), ("note", (incident.id,)),
        ("ask", (incident.id,)), ("call", (incident.id,)), ("action", (incident.id,)), ("leader", (incident.id,)),
        ("close", (incident.id,)), ("exposed", (incident.id,)), ("exposed-class", (incident.id, world.class_a.id)),
        ("line", (people.line("safety").id,)), ("line-waive", (people.line("safety").id,)), ("report", (report.id,)),
        ("report", (people.report("final").id,)), ("report-waive", (people.report("final").id,)),
        ("exposed-waive", (hurt.id,)),
    ):  # fmt: skip
        page(client, f"incidents:{name}", *args)
    assert "欧阳思源" in page(client, "incidents:one", incident.id)
    officer = sign_in("officer", language)
    page(officer, "incidents:counts")
    page(officer, "incidents:report-read", report.id)
    teacher = sign_in("teacher", language)
    assert "㛃䶮" in page(teacher, "incidents:aftercare")
    page(teacher, "incidents:care", mate.id)


def test_pages_without_anything_say_what_to_do(sign_in, world):
    assert "登记突发事件" in page(sign_in("head"), "incidents:index")
    assert "没有待关怀的学生" in page(sign_in("teacher"), "incidents:aftercare")
    assert "没有突发事件" in page(sign_in("officer"), "incidents:counts")


def test_open_from_the_form_and_a_fault_keeps_what_was_typed(sign_in, world):
    client = sign_in("psych")
    text = page(client, "incidents:new", status=422, **form_of(world, happened_at=moment(now() + 60 * MINUTE)))
    assert WHAT in text
    assert "时间在将来" in text
    assert "没有选择事件类别" in page(client, "incidents:new", status=422, **form_of(world, kind=""))
    page(client, "incidents:new", status=302, **form_of(world))
    made = every_incident().get()
    assert made.opened_by == world.id_of("psych")
    assert made.leader == world.id_of("head")
    assert WHERE in page(client, "incidents:one", made.id)


def test_a_step_is_done_with_one_press_or_with_words_or_has_a_reason(sign_in, people):
    client = sign_in("head")
    page(client, "incidents:line", people.line("safety").id, status=302, now="1")
    assert people.line("safety").state == "done"
    early = moment(now() - 60 * MINUTE)
    text = page(client, "incidents:line", people.line("guardians").id, status=422, at=early, people="母亲")
    assert "母亲" in text
    page(
        client,
        "incidents:line",
        people.line("guardians").id,
        status=302,
        at=moment(now()),
        people="母亲",
        words="在路上",
    )
    page(client, "incidents:line-waive", people.line("hospital").id, status=422, words="")
    page(client, "incidents:line-waive", people.line("hospital").id, status=302, words="没有受伤")
    text = page(client, "incidents:one", people.incident.id)
    for words in ("母亲", "在路上", "没有受伤"):
        assert words in text


def test_reading_a_line_is_an_event(sign_in, people):
    page(sign_in("head"), "incidents:line", people.line("guardians").id)
    assert AuditEvent.objects.filter(event="incidents.line.read", subject_id=people.incident.id).count() == 1


def test_a_whole_class_at_once_and_friends_by_name(sign_in, people, world):
    client = sign_in("head")
    there = ("incidents:exposed-class", people.incident.id, world.class_b.id)
    page(client, *there, status=422, how="classmate")
    page(client, *there, status=302, how="classmate", all="1")
    assert every_exposure().filter(how="classmate").count() == 2
    friend = world.students[2]
    page(client, "incidents:exposed-class", people.incident.id, world.class_a.id, status=302, how="friend",
         pupil=str(friend.id))  # fmt: skip
    assert every_exposure().get(student=friend).by == "psychology_teachers"
    assert AuditEvent.objects.filter(event="incidents.class.read").exists()
    page(client, "incidents:exposed-class", people.incident.id, ids.new_id(), status=404)


def a_class_teacher_reads_nothing_of_the_incident(sign_in, people):
    """The check: the pupil, the time and advice, and neither what happened nor in which way the pupil was exposed."""
    (row,) = people.expose(people.world.students[0])
    client = sign_in("teacher")
    for text in (page(client, "incidents:aftercare"), page(client, "incidents:care", row.id)):
        assert "欧阳思源" in text
        for word in (WHAT, WHERE, "意外事故", "同班同学"):
            assert word not in text, word
    assert client.get(reverse("incidents:one", args=[people.incident.id])).status_code == 403


def test_a_class_teacher_sees_the_task_and_advice_alone(sign_in, people):
    a_class_teacher_reads_nothing_of_the_incident(sign_in, people)
    assert AuditEvent.objects.filter(event="incidents.aftercare.read").exists()


def test_control_a_task_that_says_how_would_be_found(sign_in, people, monkeypatch):
    from xinqiao.care.incidents.selectors import care

    monkeypatch.setattr(care, "class_names", lambda places, on: dict.fromkeys(places, "同班同学"))
    with pytest.raises(AssertionError):
        a_class_teacher_reads_nothing_of_the_incident(sign_in, people)


def test_a_worry_from_the_phone_is_a_signal_and_its_words_stand_there(sign_in, people):
    (row,) = people.expose(people.world.students[0])
    client = sign_in("teacher")
    sent = {"held_at": moment(now()), "finding": "worry", "seen": ["withdrawn"], "words": " "}
    assert "有一栏没有填写" in page(client, "incidents:care", row.id, status=422, **sent)
    assert every_exposure().get(pk=row.pk).state == "waiting"
    page(client, "incidents:care", row.id, status=302, **{**sent, "words": SAID})
    signal = every_signal().get()
    assert SAID in page(sign_in("psych"), "alerts:signal", signal.id)


def test_nothing_noticed_is_one_press(sign_in, people):
    (row,) = people.expose(people.world.students[0])
    page(sign_in("teacher"), "incidents:care", row.id, status=302, fine="1")
    assert every_exposure().get(pk=row.pk).state == "fine"


def test_only_those_who_read_the_queue_see_what_was_found(sign_in, people):
    (row,) = people.expose(people.world.students[0])
    people.care(row, finding="worry", words=SAID)
    assert "有担心，已上报" in page(sign_in("psych"), "incidents:one", people.incident.id)
    seen = page(sign_in("head"), "incidents:one", people.incident.id)
    assert "有担心，已上报" not in seen
    assert SAID not in seen


def test_a_report_from_writing_to_the_bureau(sign_in, people):
    report, client = people.report("follow-up"), sign_in("psych")
    assert WHAT in page(client, "incidents:report", report.id)
    people.expose(people.world.students[0])
    text = page(client, "incidents:report", report.id, status=422, text="欧阳思源受伤", after="0")
    assert "欧阳思源受伤" in text
    page(client, "incidents:report", report.id, status=302, text="一名学生受伤", after="0")
    stale = page(client, "incidents:report", report.id, status=422, text="另一稿", after="0")
    assert "一名学生受伤" in stale
    assert "另一稿" in stale
    page(client, "incidents:report-check", report.id, status=302, after="1")
    assert people.report("follow-up").state == "written"
    page(sign_in("head"), "incidents:report-check", report.id, status=302, after="1")
    client = sign_in("head")
    page(client, "incidents:report-send", report.id, status=422, to="", at=moment(now()))
    page(client, "incidents:report-send", report.id, status=302, to="县教育局", at=moment(now()))
    officer = sign_in("officer")
    assert reverse("incidents:report-read", args=[report.id]) in page(officer, "incidents:counts")
    page(officer, "incidents:report-receive", report.id, status=302, sure="1")
    assert people.report("follow-up").state == "received"
    assert page(sign_in("officer"), "incidents:report-read", people.report().id, status=404)


def test_the_rest_of_an_incident_to_its_end(sign_in, people, world):
    client, known = sign_in("head"), people.incident.id
    page(client, "incidents:note", known, status=302, once=str(ids.new_id()), at=moment(now()), words="家长到校")
    assert every_note().count() == 1
    page(client, "incidents:ask", known, status=302, once=str(ids.new_id()), department="police", words="协助调查")
    page(client, "incidents:call", known, status=302, once=str(ids.new_id()), words="市专家队")
    page(client, "incidents:action", known, status=422, once=str(ids.new_id()), words="装护栏",
         owner=str(world.id_of("psych")), until="2026-12-01")  # fmt: skip
    page(client, "incidents:line", people.line(kind="review").id, status=302, at=moment(now()), people="全体",
         words="巡查不足")  # fmt: skip
    page(client, "incidents:action", known, status=302, once=str(ids.new_id()), words="装护栏",
         owner=str(world.id_of("psych")), until="2026-12-01")  # fmt: skip
    page(client, "incidents:leader", known, status=302, leader=str(world.id_of("psych")))
    text = page(client, "incidents:close", known, status=422, words="平稳")
    assert "请完成或说明理由" in text
    people.settle_all()
    page(client, "incidents:close", known, status=302, words="平稳")
    text = page(client, "incidents:one", known)
    for words in ("家长到校", "协助调查", "市专家队", "装护栏", "平稳"):
        assert words in text
    assert reverse("incidents:note", args=[known]) not in text


def test_a_drill_is_kept_from_its_page(sign_in, world):
    client = sign_in("psych")
    sent = {"once": str(ids.new_id()), "school": str(world.school.id), "held_on": "2026-11-20", "scenario": "走失",
            "people": "领导小组", "found": "电话名单过期"}  # fmt: skip
    assert "走失" in page(client, "incidents:drills", status=422, **{**sent, "found": ""})
    page(client, "incidents:drills", status=302, **sent)
    assert every_drill().count() == 1
    assert "电话名单过期" in page(client, "incidents:drills")


def test_today_says_what_waits(sign_in, people):
    people.expose(people.world.students[0])
    with clock.frozen(people.incident.opened_at + 6 * MINUTE):
        assert "1 起突发事件正在处置" in sign_in("head").get("/").content.decode()
        assert "1 名学生待关怀" in sign_in("teacher").get("/").content.decode()


def queries(client, name, *args) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        page(client, name, *args)
    return len(caught)


def test_pages_cost_the_same_for_one_and_for_many_pupils(sign_in, people, world):
    people.expose(world.students[0])
    client = sign_in("psych")
    page(client, "incidents:one", people.incident.id)  # whatever is read once a process is read by now
    before = [queries(client, "incidents:one", people.incident.id), queries(client, "incidents:aftercare")]
    drafts = [StudentDraft(f"学生{n}", world.class_b, f"202604{n:02}") for n in range(1, 20)]
    people.expose(*register_students(world.school, drafts, clock.today()))
    after = [queries(client, "incidents:one", people.incident.id), queries(client, "incidents:aftercare")]
    assert after == before
    assert every_line().exists()


def the_leading_group_reads_no_name(sign_in, people):
    """The check: whoever leads without the right to names is told how many pupils they are."""
    people.expose(*people.world.students)
    text = page(sign_in("lead"), "incidents:one", people.incident.id)
    assert "3" in text
    for name in ("欧阳思源", "张伟"):
        assert name not in text
    assert sign_in("lead").get(reverse("incidents:exposed", args=[people.incident.id])).status_code == 403


def test_the_leading_group_leads_without_names(sign_in, people):
    the_leading_group_reads_no_name(sign_in, people)


def test_control_with_the_right_to_names_they_would_stand_there(sign_in, people, monkeypatch):
    from xinqiao.care.incidents.selectors import page as module

    monkeypatch.setattr(module, "Permission", type("P", (), {"INCIDENT_EXPOSED": "home:view", "QUEUE_VIEW": "x"}))
    with pytest.raises(AssertionError):
        the_leading_group_reads_no_name(sign_in, people)
