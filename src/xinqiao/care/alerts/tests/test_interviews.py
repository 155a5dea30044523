"""Talks, what comes of them, and levels."""

import datetime as dt

import pytest

from xinqiao.care.alerts import rules
from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Attention, Interview, Notice, Signal
from xinqiao.care.alerts.rows import every_signal
from xinqiao.care.alerts.services import interviewing
from xinqiao.care.alerts.services.interviewing import CannotRecord, Talk, record_interview
from xinqiao.care.alerts.services.levels import Basis, CannotSetLevel, set_attention
from xinqiao.care.alerts.services.signal_clocks import start_signal_clock
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.policy.selectors import parameters_for

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(hours=1)
REVIEW = dt.date(2026, 12, 7)
SECRET = "她说晚上睡不着"


def talk(frozen, **changes):
    facts = {
        "held_at": frozen, "is_face_to_face": True, "asked_about_suicide": "yes", "risk_found": "some",
        "note": SECRET, "outcome": "case", "level": "orange", "advice": "多留意，少点名", "review_on": REVIEW,
    }  # fmt: skip
    return Talk(**(facts | changes))


@pytest.fixture
def signal(raise_one, frozen):
    row = raise_one()
    tell_new_signals(frozen)
    return fresh(row)


def fresh(signal):
    return Signal.objects.for_system(reason="test").select_related("student").get(pk=signal.pk)


def test_a_talk_closes_the_signal_sets_the_level_and_stops_every_clock(world, signal, frozen):
    interview = record_interview(signal, actor=world.actor("psych"), talk=talk(frozen))
    row = fresh(signal)
    assert (row.state, row.outcome, row.closed_by) == ("closed", "case", world.id_of("psych"))
    level = Attention.objects.for_system(reason="test").get(student=signal.student)
    assert (level.level, level.basis_kind, level.basis_id) == ("orange", "interview", interview.id)
    assert not open_clocks().filter(subject_id=signal.id).exists()
    assert not Notice.objects.for_system(reason="test").filter(ended_at__isnull=True).exists()
    codes = set(AuditEvent.objects.values_list("event", flat=True))
    assert {"alerts.interview.recorded", "alerts.signal.closed", "alerts.attention.set"} <= codes


def test_what_was_said_is_sealed_and_absent_from_the_audit(world, signal, frozen):
    interview = record_interview(signal, actor=world.actor("psych"), talk=talk(frozen))
    row = Interview.objects.for_system(reason="test").get(pk=interview.pk)
    assert SECRET.encode() not in bytes(row.note)
    assert open_sealed([row], "note", "risk_found") == [{"note": SECRET, "risk_found": "some"}]
    assert not any(SECRET in event.facts for event in AuditEvent.objects.all())


@pytest.mark.parametrize("outcome", ["nothing", "watch", "case"])
def test_red_is_not_closed_without_seeing_the_child(world, signal, frozen, outcome):
    level = {} if outcome != "nothing" else {"level": "", "advice": "", "review_on": None}
    with pytest.raises(CannotRecord) as refused:
        record_interview(
            signal, actor=world.actor("psych"), talk=talk(frozen, outcome=outcome, is_face_to_face=False, **level)
        )
    assert refused.value.code == rules.NEEDS_FACE_TO_FACE
    assert fresh(signal).state == "open"
    assert not Interview.objects.for_system(reason="test").exists()


def test_without_the_rule_a_telephone_call_would_close_it(world, signal, frozen, monkeypatch):
    monkeypatch.setattr(interviewing, "refusal_to_close", lambda **_: None)
    record_interview(signal, actor=world.actor("psych"), talk=talk(frozen, is_face_to_face=False))
    assert fresh(signal).state == "closed"


def test_orange_may_be_closed_after_a_telephone_call(world, raise_one, frozen):
    row = raise_one("orange")
    tell_new_signals(frozen)
    record_interview(fresh(row), actor=world.actor("psych"), talk=talk(frozen, is_face_to_face=False))
    assert fresh(row).state == "closed"


def test_a_false_alarm_needs_its_reason(world, signal, frozen):
    none = {"outcome": "nothing", "level": "", "advice": "", "review_on": None, "risk_found": "none"}
    with pytest.raises(CannotRecord, match=rules.NEEDS_REASON):
        record_interview(signal, actor=world.actor("psych"), talk=talk(frozen, note="没事", **none))
    record_interview(signal, actor=world.actor("psych"), talk=talk(frozen, note="看错了题目，以为问的是电影", **none))
    assert fresh(signal).outcome == "nothing"
    assert not Attention.objects.for_system(reason="test").exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"level": ""}, rules.NEEDS_LEVEL),
        ({"level": "green"}, rules.NEEDS_LEVEL),
        ({"advice": "  "}, rules.NEEDS_ADVICE),
        ({"review_on": None}, rules.NEEDS_REVIEW),
        ({"review_on": dt.date(2026, 11, 23)}, rules.REVIEW_NOT_AHEAD),
        ({"outcome": "nothing", "note": "x" * 20}, rules.LEVEL_WITHOUT_CARE),
        ({"risk_found": "acute", "outcome": "watch"}, rules.ACUTE_NEEDS_CARE),
    ],
)
def test_refusals_write_nothing(world, signal, frozen, changes, code):
    with pytest.raises(CannotRecord) as refused:
        record_interview(signal, actor=world.actor("psych"), talk=talk(frozen, **changes))
    assert refused.value.code == code
    assert not Interview.objects.for_system(reason="test").exists()


@pytest.mark.parametrize(("minutes", "code"), [(10, rules.HELD_IN_FUTURE), (-10, rules.HELD_BEFORE_SIGNAL)])
def test_a_talk_is_held_between_the_signal_and_now(world, signal, frozen, minutes, code):
    held_at = frozen + dt.timedelta(minutes=minutes)
    with pytest.raises(CannotRecord, match=code):
        record_interview(signal, actor=world.actor("psych"), talk=talk(frozen, held_at=held_at))


def test_undecided_keeps_it_open_with_a_clock_on_the_decision(world, signal, frozen):
    undecided = {"outcome": "", "level": "", "advice": "", "review_on": None}
    record_interview(signal, actor=world.actor("psych"), talk=talk(frozen, **undecided))
    assert fresh(signal).state == "acknowledged"
    assert set(open_clocks().filter(subject_id=signal.id).values_list("kind", flat=True)) == {"guardian", "decide"}
    record_interview(fresh(signal), actor=world.actor("psych"), talk=talk(frozen))
    assert fresh(signal).state == "closed"
    assert not open_clocks().filter(subject_id=signal.id).exists()


def test_by_telephone_a_red_child_is_not_seen_yet(world, signal, frozen):
    undecided = {"outcome": "", "level": "", "advice": "", "review_on": None, "is_face_to_face": False}
    record_interview(signal, actor=world.actor("psych"), talk=talk(frozen, **undecided))
    assert set(open_clocks().filter(subject_id=signal.id).values_list("kind", flat=True)) == {
        "seen",
        "decide",
        "guardian",
    }


def test_one_talk_settles_other_signals_of_the_same_child_only(world, signal, raise_one, frozen):
    second, strange = raise_one("orange", source="screening"), raise_one(student=world.students[1])
    also = [fresh(second), fresh(strange)]
    record_interview(signal, actor=world.actor("psych"), talk=talk(frozen), also=also)
    assert fresh(second).state == "closed"
    assert fresh(strange).state == "open"


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_an_undecided_talk_ends_no_clock_of_the_others_that_were_ticked(
    world, signal, raise_one, frozen, monkeypatch, is_guarded
):
    own = raise_one("red", source="student")
    tell_new_signals(frozen)
    every_signal().filter(pk=own.pk).update(joined_to=None)
    for kind in ("acknowledge", "seen"):
        start_signal_clock(kind, fresh(own), parameters_for(own.place, frozen.date()), frozen)
    before = set(open_clocks().filter(subject_id=own.id).values_list("kind", "due_at"))
    assert {"acknowledge", "seen"} <= {kind for kind, _due in before}
    if not is_guarded:
        monkeypatch.setattr(interviewing, "_met_by", lambda _talk, signals: signals)
    undecided = {"outcome": "", "level": "", "advice": "", "review_on": None}
    record_interview(signal, actor=world.actor("psych"), talk=talk(frozen, **undecided), also=[fresh(own)])

    def check():
        assert set(open_clocks().filter(subject_id=own.id).values_list("kind", "due_at")) == before
        assert fresh(own).state == "open"

    if is_guarded:
        check()
    else:
        with pytest.raises(AssertionError):
            check()


def test_two_people_settle_at_once_and_one_is_refused_whole(world, signal, frozen):
    stale = fresh(signal)
    record_interview(signal, actor=world.actor("psych"), talk=talk(frozen))
    with pytest.raises(CannotRecord, match=rules.ALREADY_CLOSED):
        record_interview(stale, actor=world.actor("psych2"), talk=talk(frozen, outcome="watch"))
    assert Interview.objects.for_system(reason="test").count() == 1
    assert fresh(signal).outcome == "case"


@pytest.mark.parametrize("login", ["head", "teacher", "other_psych", "officer"])
def test_only_the_schools_psychology_teacher_records(world, signal, frozen, login):
    with pytest.raises(Forbidden):
        record_interview(signal, actor=world.actor(login), talk=talk(frozen))


# ---- levels


def set_level(world, level="yellow", advice="多鼓励", review_on=REVIEW):
    return set_attention(
        world.students[0], actor=world.actor("psych"), level=level, advice=advice, basis=Basis("review"),
        review_on=review_on,
    )  # fmt: skip


def test_one_open_level_a_pupil_and_history_is_kept(world):
    set_level(world)
    second = set_level(world, "red")
    rows = Attention.objects.for_system(reason="test")
    assert rows.count() == 2
    assert rows.get(ended_at__isnull=True).pk == second.pk
    assert set_level(world, "red") == Unchanged("same_level")


def test_green_ends_it(world):
    set_level(world)
    set_level(world, "green", "", None)
    assert not Attention.objects.for_system(reason="test").filter(ended_at__isnull=True).exists()
    assert not open_clocks().exists()
    assert set_level(world, "green", "", None) == Unchanged("no_attention")


def test_an_unknown_level_is_refused(world):
    with pytest.raises(CannotSetLevel):
        set_level(world, "")


def test_a_review_that_nobody_holds_climbs(world):
    row = set_level(world)
    due = Deadline.objects.for_system(reason="test").get(subject_id=row.id)
    assert due.due_at == dt.datetime(2026, 12, 7, 15, 59, tzinfo=dt.UTC)
    assert [climb.kind for climb in climb_due(due.due_at)] == ["review"]
    assert OutboxMessage.objects.for_system(reason="test").filter(about_kind="attention").exists()
    assert AuditEvent.objects.filter(event="alerts.attention.overdue").count() == 1


def test_looking_again_in_time_stops_it(world):
    row = set_level(world)
    with clock.frozen(clock.now() + LATER):
        set_level(world, "orange")
    assert Deadline.objects.for_system(reason="test").get(subject_id=row.id).met_at is not None
