"""Pages of the ladder: what each level sees, what the bureau sees, guardians, pauses, every minute of a clock."""

import datetime as dt
from uuid import UUID

import pytest
from django.conf import settings as django_settings

from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import GuardianTold, LevelWarning, Signal
from xinqiao.care.alerts.selectors import warnings as warning_selectors
from xinqiao.care.alerts.selectors.warnings import find_warning, my_warnings
from xinqiao.care.alerts.services import pausing as pausing_service
from xinqiao.care.alerts.services.guardians import CannotTell, Telling, record_guardian_told
from xinqiao.care.alerts.services.interviewing import Talk, record_interview
from xinqiao.care.alerts.services.levels import Basis, set_attention
from xinqiao.care.alerts.services.pausing import CannotPause, pause_signal_clock, resume_signal_clock
from xinqiao.care.alerts.tests.test_ladder import (
    MINUTE,
    away,
    minutes_told,
    noticed,
    on_duty,
    people,
    rules,
    run_clock,
    warned,
)
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.history import clock_history
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.people.models import Student

__all__ = ["people", "rules"]
pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="en"):
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=django_settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


@pytest.fixture
def signal(people, rules, raise_one, frozen):
    """A red signal under the county's four levels."""
    rules(people, "s2a-county")
    on_duty(people, "psych")
    row = raise_one()
    tell_new_signals(frozen)
    return fresh(row)


def fresh(signal):
    return Signal.objects.for_system(reason="test").select_related("student").get(pk=signal.pk)


def clock_of(signal, kind):
    return Deadline.objects.for_system(reason="test").get(subject_id=signal.pk, kind=kind)


def telling(at, **changes):
    return Telling(**{"told_at": at, "way": "phone", "words": "请今晚陪在孩子身边", **changes})


# ---- what a level sees


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_class_teacher_learns_that_and_what_helps_and_never_why(sign_in, signal, language):
    page = sign_in("teacher", language).get(f"/alerts/warnings/{signal.id}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "欧阳思源" in text
    assert "12356" in text
    for secret in ("PHQ", "phq", "critical", "危急", "紧急程度", "Urgency", "is-red", "Raised"):
        assert secret not in text, secret


def test_level_and_advice_only_where_the_ladder_lets_them(people, signal, frozen):
    set_attention(
        signal.student, actor=people.actor("psych"), level="orange", advice="座位靠前", basis=Basis("review"),
        review_on=dt.date(2026, 12, 7),
    )  # fmt: skip
    (teacher,) = my_warnings(people.actor("teacher"), frozen)
    (keeper,) = my_warnings(people.actor("keeper"), frozen)
    assert (teacher.level, teacher.advice) == ("orange", "座位靠前")
    assert (keeper.level, keeper.advice) == ("", "")


def test_acknowledging_is_seen_by_the_psychology_teacher_and_stops_no_clock(people, sign_in, signal):
    sign_in("keeper").post(f"/alerts/warnings/{signal.id}/heard/")
    text = sign_in("psych").get(f"/alerts/{signal.id}/").content.decode()
    assert "鲁秋雁" in text
    row = LevelWarning.objects.for_system(reason="test").get(staff_id=people.id_of("keeper"))
    assert row.acknowledged_at is not None
    assert clock_of(signal, "acknowledge").met_at is None
    assert fresh(signal).state == "open"
    assert AuditEvent.objects.filter(event="alerts.warning.acknowledged").count() == 1


@pytest.mark.parametrize(("login", "status"), [
    ("teacher", 200), ("keeper", 200), ("grade", 200), ("teacher_a", 404), ("head", 404), ("psych", 404),
    ("other_psych", 404), ("officer", 403),
])  # fmt: skip
def test_only_whoever_was_warned_opens_it(sign_in, signal, login, status):
    assert sign_in(login).get(f"/alerts/warnings/{signal.id}/").status_code == status


def test_control_without_the_look_at_whose_it_is_a_colleague_would_read_it(people, signal, monkeypatch):
    assert find_warning(people.actor("head"), signal.id) is None
    monkeypatch.setattr(
        warning_selectors, "_own",
        lambda actor, permission: LevelWarning.objects.for_system(reason="test").select_related("signal__student"),
    )  # fmt: skip
    assert find_warning(people.actor("head"), signal.id) is not None


def test_a_try_of_a_colleague_is_in_the_audit(sign_in, signal):
    before = AuditEvent.objects.count()
    sign_in("teacher_a").get(f"/alerts/warnings/{signal.id}/")
    assert AuditEvent.objects.count() > before


def test_a_pupil_who_changed_class_is_the_old_teachers_no_more(people, signal):
    assert find_warning(people.actor("teacher"), signal.id)
    Student.objects.for_system(reason="test").filter(pk=signal.student_id).update(place=people.class_a.path)
    assert find_warning(people.actor("teacher"), signal.id) is None


def test_the_list_costs_the_same_for_one_and_for_three(people, raise_one, frozen, signal):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        actor = people.actor("teacher")
        with CaptureQueriesContext(connection) as seen:
            rows = my_warnings(actor, frozen)
        return len(rows), len(seen)

    one, cost = queries()
    for student in (people.students[1], people.students[1]):
        raise_one(student=student)
    tell_new_signals(frozen)
    three, again = queries()
    assert (one, three) == (1, 3)
    assert again <= cost + 1  # the names of another pupil's key


def test_today_shows_it_to_the_class_teacher(sign_in, signal):
    text = sign_in("teacher").get("/").content.decode()
    assert "Keep an eye on" in text
    assert "欧阳思源" in text


# ---- what the bureau sees


def test_the_bureau_sees_school_urgency_and_minutes_and_never_the_pupil(people, sign_in, signal, frozen):
    run_clock(signal, frozen, 46)
    with clock.frozen(frozen + 50 * MINUTE):
        for path in ("/alerts/schools/", "/"):
            text = sign_in("officer").get(path).content.decode()
            assert people.school.name in text
            assert "50 min" in text
            assert not any(word in text for word in ("欧阳", "思源", str(signal.student_id), str(signal.id), "七年级"))
        row = LevelWarning.objects.for_system(reason="test").get(sees="beyond")
        assert sign_in("officer").post(f"/alerts/schools/{row.id}/heard/").status_code == 302
    row.refresh_from_db()
    assert row.acknowledged_at == frozen + 50 * MINUTE
    assert warned(people, signal) >= {"officer"}


def test_mail_to_the_bureau_is_neutral(people, signal, frozen):
    OutboxMessage.objects.for_system(reason="test").all().delete()
    run_clock(signal, frozen, 46)
    rows = list(OutboxMessage.objects.for_system(reason="test").filter(created_at=frozen + 45 * MINUTE))
    assert "officer@county.example" in {opened["address"] for opened in open_sealed(rows, "address")}
    assert not any("欧阳" in row.body or "school" in row.body.lower() for row in rows)


def test_the_bureau_opens_nothing_else_of_it(sign_in, signal):
    for path in (f"/alerts/{signal.id}/", f"/alerts/{signal.id}/clocks/", f"/alerts/warnings/{signal.id}/"):
        assert sign_in("officer").get(path).status_code == 403


# ---- guardians


def test_at_once_is_thirty_minutes_where_the_document_says_so_and_a_day_elsewhere(signal, frozen, world, raise_one):
    assert clock_of(signal, "guardian").due_at == frozen + 30 * MINUTE
    other = raise_one(student=world.other_student)
    tell_new_signals(frozen)
    assert clock_of(other, "guardian").due_at == frozen + 24 * HOUR


def test_missed_it_climbs_to_the_principal_even_when_the_signal_is_taken(people, signal, frozen):
    run_clock(signal, frozen, 31)
    guardian = clock_of(signal, "guardian")
    assert guardian.rung == 1
    assert "head" in noticed(people, signal)
    told = [e for e in clock_history(signal.id, frozen + HOUR) if e.kind == "guardian" and e.what == "climbed"]
    assert [entry.at for entry in told] == [frozen + 30 * MINUTE]


def test_telling_a_guardian_ends_the_clock_and_its_words_are_sealed(people, signal, frozen, sign_in):
    actor = people.actor("psych")
    record_guardian_told(signal, actor=actor, telling=telling(frozen, is_advised=True))
    row = GuardianTold.objects.for_system(reason="test").get()
    assert clock_of(signal, "guardian").met_by == people.id_of("psych")
    assert open_sealed([row], "words", "advised") == [{"words": "请今晚陪在孩子身边", "advised": "yes"}]
    assert "请今晚陪在孩子身边" in sign_in("psych").get(f"/alerts/{signal.id}/").content.decode()
    assert "请今晚陪在孩子身边" not in sign_in("head").get(f"/alerts/{signal.id}/").content.decode()


@pytest.mark.parametrize(("changes", "code"), [
    ({"told_at": dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)}, "told_in_future"),
    ({"told_at": dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)}, "told_before_signal"),
    ({"words": "  "}, "needs_words"), ({"way": "withheld", "words": "短"}, "needs_why"),
    ({"guardian_id": UUID(int=7)}, "no_such_guardian"),
])  # fmt: skip
def test_what_stands_against_writing_it_down(people, signal, frozen, changes, code):
    with pytest.raises(CannotTell) as refused:
        record_guardian_told(signal, actor=people.actor("psych"), telling=telling(frozen, **changes))
    assert refused.value.code == code
    assert clock_of(signal, "guardian").met_at is None


def test_where_telling_would_endanger_the_child_the_clock_ends_with_its_reason(people, signal, frozen):
    how = telling(frozen, way="withheld", words="孩子说回家会挨打，已报告校长")
    record_guardian_told(signal, actor=people.actor("psych"), telling=how)
    row = clock_of(signal, "guardian")
    assert (row.met_at, row.cancel_reason) == (None, "withheld")


def test_the_principal_does_not_write_for_the_psychology_teacher(people, signal, frozen):
    with pytest.raises(Forbidden):
        record_guardian_told(signal, actor=people.actor("head"), telling=telling(frozen))


def settle(people, signal, at, **said):
    body = {
        "held_at": at, "is_face_to_face": True, "asked_about_suicide": "yes", "risk_found": "some",
        "note": "谈了半小时，情况平稳",
        "outcome": "case", "level": "orange", "advice": "多留意", "review_on": dt.date(2026, 12, 7), **said,
    }  # fmt: skip
    record_interview(signal, actor=people.actor("psych"), talk=Talk(**body))


@pytest.mark.parametrize(("said", "is_running"), [
    ({}, True), ({"level": "yellow"}, False),
    ({"outcome": "nothing", "level": "", "advice": "", "review_on": None}, False),
])  # fmt: skip
def test_after_the_talk_the_clock_runs_on_where_the_level_asks_for_it(people, signal, frozen, said, is_running):
    settle(people, signal, frozen, **said)
    row = clock_of(signal, "guardian")
    assert (row.cancelled_at is None) is is_running
    if is_running:
        with clock.frozen(frozen + 31 * MINUTE):
            climb_due(frozen + 31 * MINUTE)
        assert "head" in noticed(people, signal, ended_at__isnull=True), "a settled signal still calls for the family"


# ---- clocks that stand still


def pause(people, signal, login="head", kind="seen", reason="in_care", note=""):
    return pause_signal_clock(signal, actor=people.actor(login), kind=kind, reason=reason, note=note)


def test_a_red_clock_stands_still_only_by_the_principal_and_keeps_what_it_had_left(people, signal, frozen):
    with pytest.raises(CannotPause) as refused:
        pause(people, signal, login="psych")
    assert refused.value.code == "red_needs_principal"
    due = clock_of(signal, "seen").due_at
    pause(people, signal)
    with clock.frozen(due + 5 * HOUR):
        assert all(climb.kind != "seen" for climb in climb_due(due + 5 * HOUR))
        row = resume_signal_clock(signal, actor=people.actor("psych"), kind="seen")
    assert row.due_at == due + 5 * HOUR + (due - frozen)
    assert clock_of(signal, "seen").next_climb_at == row.due_at


def test_control_without_the_pause_it_would_have_climbed(people, signal):
    due = clock_of(signal, "seen").due_at
    with clock.frozen(due + 5 * HOUR):
        assert "seen" in {climb.kind for climb in climb_due(due + 5 * HOUR)}


def test_control_without_the_rule_the_psychology_teacher_would_stop_a_red_one(people, signal, monkeypatch):
    monkeypatch.setattr(pausing_service, "refusal_to_pause", lambda **_: None)
    assert pause(people, signal, login="psych")


def test_school_days_left_are_given_back(people, rules, raise_one, frozen):
    on_duty(people, "psych")
    row = raise_one("orange", source="student")
    tell_new_signals(frozen)
    row = fresh(row)
    assert clock_of(row, "seen").due_at == dt.datetime(2026, 11, 26, 15, 59, tzinfo=dt.UTC)  # Thursday
    tuesday, friday = frozen + 24 * HOUR, frozen + 4 * 24 * HOUR
    with clock.frozen(tuesday):
        pause(people, row, login="psych")
    with clock.frozen(friday):
        resume_signal_clock(row, actor=people.actor("psych"), kind="seen")
    assert clock_of(row, "seen").due_at == dt.datetime(2026, 12, 1, 15, 59, tzinfo=dt.UTC)  # Tuesday: two school days


@pytest.mark.parametrize(("kind", "reason", "note", "code"), [
    ("acknowledge", "in_care", "", "never_paused"), ("guardian", "in_care", "", "never_paused"),
    ("decide", "in_care", "", "not_running"), ("seen", "other", "短", "needs_why"),
])  # fmt: skip
def test_what_stands_against_a_pause(people, signal, kind, reason, note, code):
    with pytest.raises(CannotPause) as refused:
        pause(people, signal, kind=kind, reason=reason, note=note)
    assert refused.value.code == code


def test_pausing_twice_is_refused_and_resuming_twice_changes_nothing(people, signal):
    pause(people, signal)
    with pytest.raises(CannotPause):
        pause(people, signal)
    assert not isinstance(resume_signal_clock(signal, actor=people.actor("head"), kind="seen"), Unchanged)
    assert isinstance(resume_signal_clock(signal, actor=people.actor("head"), kind="seen"), Unchanged)


# ---- every minute afterwards


def test_the_history_of_one_signal_in_order(people, signal, frozen, sign_in):
    run_clock(signal, frozen, 16)
    with clock.frozen(frozen + 20 * MINUTE):
        pause(people, signal, reason="other", note="孩子正在医院由母亲陪同")
    with clock.frozen(frozen + 40 * MINUTE):
        resume_signal_clock(signal, actor=people.actor("head"), kind="seen")
        record_guardian_told(signal, actor=people.actor("psych"), telling=telling(frozen + 40 * MINUTE))
    found = [
        (int((entry.at - frozen).total_seconds() // 60), entry.kind, entry.what)
        for entry in clock_history(signal.id, frozen + 41 * MINUTE)
    ]
    assert sorted(found[:4]) == [(0, kind, "began") for kind in ("acknowledge", "guardian", "seen", "told")]
    assert found[4:] == [
        (0, "told", "told"), (0, "told", "met"), (15, "acknowledge", "due"), (15, "acknowledge", "climbed"),
        (15, "acknowledge", "told"), (20, "seen", "paused"), (30, "guardian", "due"), (40, "seen", "resumed"),
        (40, "guardian", "met"),
    ]  # fmt: skip
    with clock.frozen(frozen + 41 * MINUTE):
        mine = sign_in("psych").get(f"/alerts/{signal.id}/clocks/").content.decode()
        heads = sign_in("head").get(f"/alerts/{signal.id}/clocks/").content.decode()
    assert "孩子正在医院由母亲陪同" in mine
    assert "孩子正在医院由母亲陪同" not in heads
    assert "贺长风 (Principal)" in heads
    assert minutes_told(people, signal, frozen)[15] == {"head"}


def test_forms_work_in_the_browser_without_scripts(people, signal, sign_in, frozen):
    client = sign_in("psych")
    assert client.get(f"/alerts/{signal.id}/guardian/").status_code == 200
    assert client.post(f"/alerts/{signal.id}/guardian/", {"way": "phone"}).status_code == 422
    body = {"told_at": "2026-11-23T10:00", "way": "phone", "words": "已说明，家长今晚来校", "guardian": ""}
    assert client.post(f"/alerts/{signal.id}/guardian/", body).status_code == 302
    refused = client.post(f"/alerts/{signal.id}/clocks/seen/pause/", {"reason": "in_care"})
    assert refused.status_code == 422
    assert "principal" in refused.content.decode()
    client = sign_in("head")
    assert client.post(f"/alerts/{signal.id}/clocks/seen/pause/", {"reason": "in_care"}).status_code == 302
    assert client.post(f"/alerts/{signal.id}/clocks/seen/resume/").status_code == 302
    assert client.get(f"/alerts/{signal.id}/clocks/acknowledge/pause/").status_code == 404


def test_the_substitute_opens_the_warning(people, rules, raise_one, frozen, sign_in):
    rules(people, "s3-city-schools")
    on_duty(people, "psych")
    away(people, "teacher", "teacher_a", dt.date(2026, 11, 23))
    row = raise_one()
    tell_new_signals(frozen)
    assert sign_in("teacher_a").get(f"/alerts/warnings/{row.id}/").status_code == 200
    assert sign_in("teacher").get(f"/alerts/warnings/{row.id}/").status_code == 404
