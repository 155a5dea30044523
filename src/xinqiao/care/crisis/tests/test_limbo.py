"""That nothing waits unseen is proved from raw rows, and every planted breakage is found by its name."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection

from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Attention, Interview, Notice, Signal
from xinqiao.care.alerts.services.acknowledging import acknowledge_signal
from xinqiao.care.alerts.services.interviewing import Talk, record_interview
from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.crisis.leave.rules import Step
from xinqiao.care.crisis.limbo.days import Days
from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.crisis.models import CarePlan, Case, Leave, Referral, Watch, WatchLook
from xinqiao.care.crisis.services.leaves import open_leave
from xinqiao.care.crisis.services.watches import end_watch
from xinqiao.care.crisis.tests.conftest import Care
from xinqiao.care.crisis.tests.referring import build_referring
from xinqiao.care.crisis.tests.watching import WHY, Watching
from xinqiao.care.crisis.tests.watching import fresh as watched
from xinqiao.care.rounds.services.calls import call_round
from xinqiao.engines.schedule import ClockRule, WorkingCalendar, due_at
from xinqiao.engines.triage import Reason
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock, ids
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.people.models import Student
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.policy.calendar import published_days

pytestmark = pytest.mark.django_db
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@dataclass
class Lived:
    """One signal of each fate: settled with a case, taken, climbed twice, and new; and pupils kept in view: one who
    waits for a look, one who waits for a talk, one whose watch ended; a plan, a referral and a leave."""

    settled: UUID
    taken: UUID
    climbed: UUID
    new: UUID
    now: dt.datetime


def raise_one(student, at, urgency):
    signal = prepare_signal(
        student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id,
        source="critical_answer", urgency=urgency, evidence=50, basis=[Reason("critical_item", "phq-9", ("9",))],
        origin_kind="sitting", origin_id=ids.new_id(), once=str(ids.new_id()), at=at,
    )  # fmt: skip
    signal.save(force_insert=True)
    tell_new_signals(at)
    return fetch(signal.id)


def fetch(signal_id):
    return Signal.objects.for_system(reason="test").select_related("student").get(pk=signal_id)


@pytest.fixture
def lived(world, frozen):
    a, b, c = world.students
    settled = raise_one(a, frozen, "red")
    record_interview(settled, actor=world.actor("psych"), talk=talk(frozen))
    taken = raise_one(b, frozen, "orange")
    acknowledge_signal(taken, actor=world.actor("psych"))
    watching = Watching(world)
    drafts = [StudentDraft(f"学生{n}", world.class_a, f"2026019{n:02}") for n in range(3)]
    kept, signalled, ended = register_students(world.school, drafts, clock.today())
    watching.begin(kept)
    watching.begin(signalled)
    watching.signal(signalled, source="counsellor")
    over = watching.begin(ended)
    rows(Watch).filter(pk=over.pk).update(calm=2)
    end_watch(watched(over), actor=world.actor("psych"), reason="calm", words=WHY)
    open_leave(b, actor=world.actor("psych"), step=Step("found", clock.today(), "班主任", "三周没有到校"))
    build_referring(world).sent(2)
    case = rows(Case).select_related("student").get()
    Care(world).plan(Care(world).judge(case))
    call_round(world.school, actor=world.actor("psych"), window="disaster", reason="台风过后，各班逐一了解")
    climbed = raise_one(c, frozen, "red")
    at = frozen
    for minutes in (15, 15):
        at = at + dt.timedelta(minutes=minutes)
        with clock.frozen(at):
            assert climb_due(at)
    with clock.frozen(at):
        new = raise_one(c, at, "yellow")
    with clock.frozen(at + MINUTE):
        yield Lived(settled.id, taken.id, climbed.id, new.id, at + MINUTE)


def talk(at):
    return Talk(
        held_at=at, is_face_to_face=True, asked_about_suicide="yes", risk_found="some", note="说了很久，愿意再来",
        outcome="case", level="orange", advice="多留意", review_on=dt.date(2026, 12, 30),
    )  # fmt: skip


def codes(lived):
    return {fault.code for fault in prove(lived.now).faults}


def test_what_was_lived_as_it_should_be_has_no_fault(lived):
    proof = prove(lived.now)
    assert proof.faults == ()
    assert proof.looked_at["signals"] == 8
    assert proof.looked_at["watches"] == 3
    assert proof.looked_at["climbs"] == 2
    assert proof.looked_at["cases"] == 1, "a talk that found a need for continued care opened a case"


def rows(model):
    return model.objects.for_system(reason="planted")


def clocks(lived, name, kind):
    return rows(Deadline).filter(subject_id=getattr(lived, name), kind=kind)


def unconstrained(change: Callable[[], object]) -> None:
    """Let a breakage in that the database itself would refuse."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            change()
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        else:
            pytest.skip("PostgreSQL refuses it by its constraint, which the tests of the app show")


def watches(state="watching"):
    return rows(Watch).filter(state=state)


def watch_clocks():
    return rows(Deadline).filter(kind="watch", cancelled_at__isnull=True, met_at__isnull=True)


PLANTED: dict[str, Callable[[Lived], object]] = {
    "signal_untold": lambda it: rows(Signal).filter(pk=it.climbed).update(told_at=None),
    "signal_told_late": lambda it: rows(Signal).filter(pk=it.taken).update(told_at=it.now),
    "notice_never_written": lambda it: rows(Notice).filter(signal_id=it.new).delete(),
    "signal_without_clock": lambda it: rows(Deadline).filter(subject_id=it.taken).delete(),
    "signal_closed_without_reason": lambda it: unconstrained(
        lambda: rows(Signal).filter(pk=it.settled).update(outcome="")
    ),
    "notice_calls_after_the_end": lambda it: rows(Notice).filter(signal_id=it.settled).update(ended_at=None),
    "red_closed_unseen": lambda it: rows(Interview).filter(signal_id=it.settled).update(is_face_to_face=False),
    "case_never_opened": lambda _it: rows(Signal).filter(outcome="watch").update(outcome="case"),
    "case_led_by_nobody": lambda _it: rows(Case).update(owner=ids.new_id()),
    "case_closed_without_reason": lambda _it: unconstrained(lambda: rows(Case).update(state="closed", end_reason="")),
    "clock_without_subject": lambda it: clocks(it, "taken", "seen").update(subject_id=ids.new_id()),
    "clock_after_the_end": lambda it: (
        rows(Deadline).filter(subject_id=it.settled).update(met_at=None, cancelled_at=None, next_climb_at=it.now + DAY)
    ),
    "due_at_the_wrong_minute": lambda it: clocks(it, "taken", "seen").update(
        original_due_at=it.now + 30 * DAY, due_at=it.now + 30 * DAY
    ),
    "due_put_off": lambda it: clocks(it, "taken", "seen").update(due_at=it.now + 30 * DAY),
    "rung_without_climb": lambda it: clocks(it, "climbed", "acknowledge").update(rung=1),
    "climbed_late": lambda it: clocks(it, "climbed", "acknowledge").update(due_at=it.now - 25 * MINUTE),
    "never_climbed": lambda it: clocks(it, "taken", "seen").update(due_at=it.now - 5 * MINUTE),
    "clock_that_never_climbs": lambda it: clocks(it, "taken", "seen").update(next_climb_at=None),
    "climb_put_off": lambda it: clocks(it, "taken", "seen").update(next_climb_at=it.now + 60 * DAY),
    "judgement_without_clock": lambda _it: rows(Deadline).filter(kind="judgement").delete(),
    "follow_up_without_date": lambda _it: unconstrained(lambda: rows(Case).update(follow_up_on=None)),
    "follow_up_without_clock": lambda _it: rows(Deadline).filter(kind="follow_up").delete(),
    "referral_ended_without_reason": lambda _it: unconstrained(lambda: rows(Referral).update(state="closed")),
    "list_without_clock": lambda _it: rows(Deadline).filter(kind="round").delete(),
    "level_without_review": lambda _it: rows(Attention).update(review_on=None),
    "review_without_clock": lambda _it: rows(Deadline).filter(kind="review").delete(),
    "left_behind": lambda it: rows(Signal).filter(pk=it.taken).update(place="elsewhere/"),
    "leave_of_a_pupil_who_left": lambda _it: (
        rows(Student).filter(pk__in=rows(Leave).values("student_id")).update(status="left")
    ),
    "leave_without_clock": lambda _it: rows(Deadline).filter(kind="leave").delete(),
    "referral_without_clock": lambda _it: rows(Deadline).filter(kind="referral").delete(),
    "signal_taken_by_nobody": lambda it: rows(Signal).filter(pk=it.taken).update(acknowledged_by=ids.new_id()),
    "helper_has_left": lambda _it: rows(CarePlan).update(helper=ids.new_id()),
    "watch_without_look": lambda _it: unconstrained(lambda: watches().update(look_on=None)),
    "watch_without_clock": lambda _it: watch_clocks().update(cancelled_at=MONDAY_10, next_climb_at=None),
    "watch_due_on_another_day": lambda _it: watches().update(look_on=MONDAY_10.date() + 90 * DAY),
    "watch_led_by_nobody": lambda _it: watches().update(owner=ids.new_id()),
    "watch_missed_a_signal": lambda _it: watches("signalled").update(state="watching"),
    "watch_waits_for_no_signal": lambda _it: unconstrained(lambda: watches().update(state="signalled")),
    "watch_ended_without_reason": lambda _it: unconstrained(lambda: watches("ended").update(end_reason="")),
    "watch_lost_its_case": lambda _it: watches().update(state="case", ended_at=MONDAY_10),
    "watch_never_begun": lambda _it: (rows(WatchLook).delete(), rows(Watch).delete()),
}


@pytest.mark.parametrize("code", PLANTED)
def test_each_planted_breakage_is_found_by_its_name(lived, code):
    assert code not in codes(lived)
    PLANTED[code](lived)
    assert code in codes(lived)


@pytest.mark.parametrize("kind", ["referral", "leave"])
def test_a_clock_that_is_not_due_when_the_pack_says_is_found(lived, kind):
    """Together with the day that the row itself keeps: only the pack still tells."""
    assert "due_against_the_pack" not in codes(lived)
    own = rows(Deadline).filter(kind=kind)
    due = own.first().due_at + 7 * DAY
    assert own.update(due_at=due, original_due_at=due, next_climb_at=due) == 1
    assert codes(lived) == {"due_against_the_pack"}


def test_there_are_twenty_of_them():
    assert len(PLANTED) >= 20


def test_an_ended_watch_with_an_open_clock_is_found(lived):
    assert codes(lived) == set()
    over = watches("ended").get()
    rows(Deadline).filter(subject_id=over.id).update(cancelled_at=None, met_at=None, next_climb_at=lived.now + DAY)
    assert [(f.code, f.words) for f in prove(lived.now).faults] == [("clock_after_the_end", "watch")]


def next_of_its_kind(lived):
    """The clock that climbed last ended at that very moment, and another of its kind began."""
    (before,) = clocks(lived, "climbed", "acknowledge")
    at = lived.now - MINUTE
    began = Deadline.objects.for_system(reason="planted").get(pk=before.pk)
    began.pk, began.began_at, began.rung = ids.new_id(), at, 0
    began.due_at = began.original_due_at = began.next_climb_at = at + 15 * MINUTE
    rows(Deadline).filter(pk=before.pk).update(met_at=at, next_climb_at=None)
    began.save(force_insert=True)


def test_a_climb_at_the_moment_of_its_end_is_not_the_next_clocks(lived):
    next_of_its_kind(lived)
    assert "rung_without_climb" not in codes(lived)


def test_control_by_time_alone_it_would_be_the_next_clocks_as_well(lived, monkeypatch):
    monkeypatch.setattr("xinqiao.care.crisis.limbo.clocks._is_written_of", lambda *_a: True)
    next_of_its_kind(lived)
    assert "rung_without_climb" in codes(lived)


def test_a_climb_that_reached_nobody_is_found(lived):
    event = AuditEvent.objects.filter(event="alerts.signal.climbed").first()
    facts = {**json.loads(event.facts), "told": 0}
    AuditEvent(
        id=ids.new_id(), county_id=event.county_id, place=event.place, at=event.at + 5 * MINUTE, event=event.event,
        actor_id=event.actor_id, actor_kind="system", actor_role="", subject_kind="student",
        subject_id=event.subject_id, facts=json.dumps(facts), mac=b"planted",
    ).save(force_insert=True)  # fmt: skip
    assert "climbed_to_nobody" in codes(lived)


def test_the_command_exits_1_with_a_fault_and_0_without(lived, capsys):
    call_command("care", "audit", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["sound"] is True
    assert told["looked_at"]["signals"] == 8
    rows(Deadline).filter(subject_id=lived.taken).delete()
    with pytest.raises(SystemExit) as stopped:
        call_command("care", "audit", "--json")
    assert stopped.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert [fault["code"] for fault in told["faults"]] == ["signal_without_clock"]
    assert AuditEvent.objects.filter(event="crisis.limbo.proved").count() == 2


ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("kind", "amount"),
    [("minutes", 15), ("days", 3), ("same_day", 0), ("same_day", 240), ("school_days", 0), ("school_days", 1),
     ("school_days", 5)],
)  # fmt: skip
def test_due_by_hand_and_due_by_the_engine_agree_on_every_hour_of_a_term(kind, amount):
    """Two countings that share nothing but the published calendar; a free Friday and a Saturday at school on top."""
    off, on = published_days(2026)
    changed = {dt.date(2026, 10, 16): False, dt.date(2026, 10, 17): True}
    calendar = WorkingCalendar({**dict.fromkeys(off, False), **dict.fromkeys(on, True), **changed})
    days = Days(ZONE, {"0/1/": changed})
    at = dt.datetime(2026, 9, 24, 0, 30, tzinfo=ZONE)
    for hours in range(0, 24 * 40, 7):
        began = at + dt.timedelta(hours=hours)
        assert days.due(kind, amount, began, "0/1/2/") == due_at(ClockRule(kind, amount), began, calendar, ZONE)


def test_control_without_the_changed_days_they_part(lived):
    days, began = Days(ZONE, {}), dt.datetime(2026, 10, 15, 12, tzinfo=ZONE)
    changed = {dt.date(2026, 10, 16): False}
    calendar = WorkingCalendar(changed)
    assert days.due("school_days", 1, began, "0/1/") != due_at(ClockRule("school_days", 1), began, calendar, ZONE)
