"""Who sees what: the queue, notices, one signal, levels, the timeline. And what reading leaves behind."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.selectors import (
    attention_rows,
    calling_notices,
    find_signal,
    my_notices,
    queue,
    signal_page,
    student_timeline,
)
from xinqiao.care.alerts.services.acknowledging import acknowledge_signal
from xinqiao.care.alerts.services.levels import Basis, set_attention
from xinqiao.care.alerts.services.showing import note_polled
from xinqiao.care.alerts.wording import reasons_words
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.events import event_kinds, sentence_of
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.keys.store import forget_keys
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.duty.models import LastSeen
from xinqiao.register.people.registering import StudentDraft, register_students

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def fresh(signal):
    return Signal.objects.for_system(reason="test").select_related("student").get(pk=signal.pk)


def give_level(world, student, level="orange"):
    set_attention(
        student, actor=world.actor("psych"), level=level, advice="座位靠前", basis=Basis("review"),
        review_on=dt.date(2026, 12, 7),
    )  # fmt: skip


def test_the_queue_is_ordered_by_urgency_then_time_left_then_evidence(world, raise_one, frozen):
    a, b, c = world.students
    raise_one("yellow", student=a, source="screening", evidence=90)
    raise_one("red", student=b, at=frozen - 5 * MINUTE, evidence=10)
    raise_one("red", student=c, evidence=99)
    tell_new_signals(frozen)
    assert [row.student_id for row in queue(world.actor("psych"), frozen)] == [b.id, c.id, a.id]


def test_of_the_same_urgency_and_clock_the_stronger_evidence_comes_first(world, raise_one, frozen):
    a, b, _c = world.students
    raise_one("orange", student=a, evidence=20, source="screening")
    raise_one("orange", student=b, evidence=60, source="screening")
    tell_new_signals(frozen)
    assert [row.student_id for row in queue(world.actor("psych"), frozen)] == [b.id, a.id]


def test_a_pupil_stands_once_with_all_reasons_and_the_highest_urgency(world, raise_one, frozen):
    raise_one("orange", source="screening")
    raise_one("red")
    tell_new_signals(frozen)
    (row,) = queue(world.actor("psych"), frozen)
    assert (row.urgency, row.signals, row.minutes_left) == ("red", 2, 15)
    with override("en"):
        (row,) = queue(world.actor("psych"), frozen)
        assert row.reasons == ("critical answer: PHQ-9, item 9",)
        assert row.waits_for == "to be taken"


@pytest.mark.parametrize("login", ["head", "teacher", "other_psych", "officer"])
def test_nobody_else_sees_the_queue(world, raise_one, frozen, login):
    raise_one()
    tell_new_signals(frozen)
    assert queue(world.actor(login), frozen) == []


def test_reading_the_queue_is_one_event_however_long_it_is(world, raise_one, frozen):
    for student in world.students:
        raise_one(student=student)
    tell_new_signals(frozen)
    queue(world.actor("psych"), frozen)
    event = AuditEvent.objects.get(event="alerts.queue.read")
    facts = json.loads(event.facts)
    assert facts["count"] == 3
    assert str(world.students[0].id) in facts["ids"]


def queries(work):
    forget_keys()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        work()
    return len(seen)


def test_pages_cost_the_same_for_one_and_for_twenty(world, raise_one, frozen):
    raise_one(student=world.students[0])
    give_level(world, world.students[0])
    tell_new_signals(frozen)
    actor = world.actor("psych")
    pages = (queue, attention_rows, my_notices, calling_notices)
    few = [queries(lambda page=page: page(actor, frozen)) for page in pages]
    drafts = [StudentDraft(f"学生{n}", world.class_a, f"9{n}") for n in range(19)]
    for student in register_students(world.school, drafts, frozen.date()):
        raise_one(student=student)
        give_level(world, student)
    tell_new_signals(frozen)
    assert len(queue(actor, frozen)) == 20
    assert [queries(lambda page=page: page(actor, frozen)) for page in pages] == few


def test_the_principal_sees_name_and_urgency_but_no_reason_and_no_source(world, raise_one, frozen):
    signal = raise_one()
    tell_new_signals(frozen)
    actor = world.actor("head")
    found = find_signal(actor, Permission.NOTICE_VIEW, signal.id)
    page = signal_page(actor, found, frozen)
    assert (page.name, page.urgency, page.reasons, page.may_interview) == ("欧阳思源", "red", (), False)
    assert signal_page(world.actor("psych"), found, frozen).reasons != ()


def test_another_schools_psychology_teacher_finds_nothing(world, raise_one):
    signal = raise_one()
    assert find_signal(world.actor("other_psych"), Permission.NOTICE_VIEW, signal.id) is None
    assert find_signal(world.actor("teacher"), Permission.NOTICE_VIEW, signal.id) is None


def test_failed_messages_stand_on_the_signals_page(world, raise_one, frozen):
    signal = raise_one()
    tell_new_signals(frozen)
    OutboxMessage.objects.for_system(reason="test").update(status="failed", last_error="mail_not_set_up", tries=1)
    page = signal_page(world.actor("psych"), fresh(signal), frozen)
    assert {line.is_final for line in page.troubles} == {True}


def test_a_class_teacher_sees_level_and_advice_of_the_own_class_only(world):
    give_level(world, world.students[0])
    give_level(world, world.students[2])
    (row,) = attention_rows(world.actor("teacher"), dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC))
    assert (row.name, row.level, row.advice) == ("欧阳思源", "orange", "座位靠前")
    assert set(row.__dataclass_fields__) == {
        "student_id", "name", "class_name", "level", "advice", "review_on", "set_at", "is_review_due",
    }  # fmt: skip
    assert attention_rows(world.actor("other_psych"), dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)) == []


def test_the_timeline_holds_signal_taking_and_level(world, raise_one, frozen):
    signal = raise_one()
    tell_new_signals(frozen)
    acknowledge_signal(fresh(signal), actor=world.actor("psych"))
    give_level(world, world.students[0])
    with override("en"):
        titles = {event.title for event in student_timeline(world.actor("psych"), world.students[0])}
    assert titles == {"Signal: Red", "Signal taken", "Attention level: Orange level"}
    assert student_timeline(world.actor("head"), world.students[0]) == []


def test_what_one_scale_found_is_one_phrase():
    reasons = [
        Reason("critical_item", "phq-9", ("9",)), Reason("worst_band", "phq-9", ("total", "severe")),
        Reason("flag", "phq-9", ("teen",)), Reason("void", "gad-7"), Reason("asked_to_talk"),
    ]  # fmt: skip
    with override("en"):
        assert reasons_words(reasons) == (
            "critical answer: PHQ-9, item 9",
            "asked to talk to someone",
            "PHQ-9: in the highest band, over the line for a second look",
            "GAD-7: answers to be taken again",
        )


# ---- notices


def test_notices_call_until_someone_takes_the_signal(world, raise_one, frozen):
    signal = raise_one()
    tell_new_signals(frozen)
    (row,) = calling_notices(world.actor("head"), frozen)
    assert (row.name, row.class_name, row.minutes_left) == ("欧阳思源", row.class_name, 15)
    acknowledge_signal(fresh(signal), actor=world.actor("psych"))
    assert calling_notices(world.actor("head"), frozen) == []
    assert [row.is_calling for row in my_notices(world.actor("head"), frozen)] == [False]


def test_only_red_sounds(world, raise_one, frozen):
    raise_one("orange", source="student")
    tell_new_signals(frozen)
    assert calling_notices(world.actor("psych"), frozen) == []
    assert len(my_notices(world.actor("psych"), frozen)) == 1


def test_my_notices_stand_by_urgency_then_by_the_time_left_and_a_taken_one_last(world, raise_one, frozen):
    a, b, c = world.students
    raise_one("yellow", student=a, source="screening")
    taken = raise_one("red", student=a)
    raise_one("orange", student=b, at=frozen - 5 * MINUTE, source="screening")
    raise_one("red", student=c, at=frozen - 5 * MINUTE)
    raise_one("red", student=b)
    tell_new_signals(frozen)
    acknowledge_signal(fresh(taken), actor=world.actor("psych"))
    rows = my_notices(world.actor("psych"), frozen)
    found = [(row.student_id, row.urgency) for row in rows]
    assert found[:3] == [(c.id, "red"), (b.id, "red"), (b.id, "orange")]
    assert set(found[3:]) == {(a.id, "red"), (a.id, "yellow")}, (
        "the yellow one joined the red one and was taken with it"
    )
    assert [row.is_calling for row in rows] == [True, True, True, False, False]


def test_a_notice_that_calls_is_shown_however_old_it_is_and_however_many_came_since(
    world, raise_one, frozen, monkeypatch
):
    monkeypatch.setattr("xinqiao.care.alerts.selectors.notices.MOST_ROWS", 1)
    for student in world.students:
        raise_one(student=student)
    tell_new_signals(frozen)
    assert len(my_notices(world.actor("psych"), frozen + dt.timedelta(days=40))) == len(world.students)


def test_polling_marks_what_was_shown_once_and_that_the_page_is_open(world, raise_one, frozen):
    raise_one()
    tell_new_signals(frozen)
    actor = world.actor("psych")
    assert note_polled(actor, calling_notices(actor, frozen), frozen) == 1
    assert note_polled(actor, calling_notices(actor, frozen), frozen + MINUTE) == 0
    assert AuditEvent.objects.filter(event="alerts.notice.shown").count() == 1
    assert LastSeen.objects.for_system(reason="test").get(staff_id=actor.staff_id).seen_at == frozen + MINUTE


# ---- events


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_event_reads_as_a_sentence(language):
    values = dict.fromkeys(
        ("actor", "urgency", "told", "clock", "rung", "minutes", "outcome", "before", "level", "sent", "count",
         "kind", "from", "to", "role", "start_at", "end_at", "until", "handed_over", "dropped", "because",
         "channel"), "X",
    )  # fmt: skip
    own = [code for code in event_kinds() if code.split(".")[0] in ("alerts", "deadlines", "duty", "notifications")]
    assert len(own) >= 17
    with override(language):
        for code in own:
            assert "…" not in sentence_of(code, values), code
            assert "…" in sentence_of(code, {}) or "{" not in str(event_kinds()[code].sentence), code
