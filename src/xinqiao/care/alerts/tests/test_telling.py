"""Telling: who, within which time, once; and climbing when nobody answers."""

import datetime as dt

import pytest

from xinqiao.care.alerts import recipients
from xinqiao.care.alerts.jobs import tell as tell_job
from xinqiao.care.alerts.jobs.tell import SomeWereNotTold, hasten_unattended, tell_new_signals
from xinqiao.care.alerts.models import Notice, Signal
from xinqiao.care.alerts.services import acknowledging, moves, telling
from xinqiao.care.alerts.services.acknowledging import acknowledge_signal
from xinqiao.care.alerts.services.raising import raise_signal, reasons_of
from xinqiao.care.alerts.services.telling import next_digest_at
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.actors import Forbidden, system_actor
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged, recording
from xinqiao.foundation.core import clock, ids
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.accounts.models import Membership
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.deadlines.services import clocks
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.services.presence import note_seen

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


def put_on_duty(world, login, role="psychology", at=None):
    start = (at or clock.now()) - HOUR
    DutyShift(
        county_id=world.school.shard_id, place=world.school.path, staff_id=world.id_of(login), role=role,
        start_at=start, end_at=start + 9 * HOUR,
    ).save(force_insert=True)  # fmt: skip


def told(signal, **only):
    rows = Notice.objects.for_system(reason="test").filter(signal=signal, **only)
    return set(rows.values_list("staff_id", flat=True))


def fresh(signal):
    return Signal.objects.for_system(reason="test").get(pk=signal.pk)


def clock_of(signal, kind="acknowledge"):
    return Deadline.objects.for_system(reason="test").get(subject_id=signal.id, kind=kind)


def events(code):
    return AuditEvent.objects.filter(event=code)


def test_those_on_duty_are_told_within_one_run(world, raise_one, frozen):
    put_on_duty(world, "psych")
    put_on_duty(world, "head", role="lead")
    signal = raise_one()
    assert tell_new_signals(frozen) == 1
    assert told(signal) == {world.id_of("psych"), world.id_of("head")}
    assert world.id_of("psych2") not in told(signal), "not on duty"
    assert fresh(signal).told_at == frozen
    assert clock_of(signal).due_at == frozen + 15 * MINUTE
    assert events("alerts.signal.raised").count() == 1


def test_telling_again_changes_nothing(world, raise_one, frozen):
    put_on_duty(world, "psych")
    signal = raise_one()
    assert [tell_new_signals(frozen), tell_new_signals(frozen + MINUTE)] == [1, 0]
    assert len(told(signal)) == 1
    assert OutboxMessage.objects.for_system(reason="test").count() == 1
    assert events("alerts.signal.raised").count() == 1


def test_two_tellers_at_once_tell_once_and_without_the_condition_they_would_not(world, raise_one, frozen, monkeypatch):
    put_on_duty(world, "psych")
    signal, stale = raise_one(), None
    stale = fresh(signal)
    tell_new_signals(frozen)
    with recording(system_actor("test")):
        assert telling.tell([stale], at=frozen) == 0
    sent = OutboxMessage.objects.for_system(reason="test").count()

    class Always:  # the control: the conditional update always says that it was ours
        def filter(self, **_):
            return self

        def update(self, **_):
            return 1

    monkeypatch.setattr(telling, "every_signal", Always)
    with recording(system_actor("test")):
        assert telling.tell([stale], at=frozen) == 1
    assert OutboxMessage.objects.for_system(reason="test").count() > sent


def test_nobody_on_duty_calls_every_psychology_teacher_and_the_principal(world, raise_one, frozen):
    signal = raise_one()
    tell_new_signals(frozen)
    assert told(signal) == {world.id_of("psych"), world.id_of("psych2"), world.id_of("head")}
    assert '"is_nobody_on_duty": true' in events("alerts.signal.raised").get().facts


def test_someone_on_duty_whose_right_ended_does_not_count(world, raise_one, frozen):
    put_on_duty(world, "psych")
    Membership.objects.filter(user=world.users["psych"]).update(end_on=frozen.date())
    signal = raise_one()
    tell_new_signals(frozen)
    assert told(signal) == {world.id_of("psych2"), world.id_of("head")}


def test_a_shift_that_is_over_or_cancelled_does_not_count(world, raise_one, frozen):
    put_on_duty(world, "psych", at=frozen - 20 * HOUR)
    put_on_duty(world, "psych2")
    DutyShift.objects.for_system(reason="test").filter(staff_id=world.id_of("psych2")).update(cancelled_at=frozen)
    assert recipients.people_to_tell(
        ("psychology_on_duty",), ("principal",), world.school.path, frozen
    ).is_nobody_on_duty


def test_one_signal_that_cannot_be_told_does_not_keep_others_waiting(world, raise_one, frozen, monkeypatch):
    put_on_duty(world, "psych")
    bad, good = raise_one(), raise_one(student=world.students[1])
    real = tell_job.tell

    def stumble(signals, *, at):
        if signals[0].id == bad.id:
            raise RuntimeError("欧阳思源")
        return real(signals, at=at)

    monkeypatch.setattr(tell_job, "tell", stumble)
    with pytest.raises(SomeWereNotTold):
        tell_new_signals(frozen)
    assert told(good)
    assert not told(bad)
    monkeypatch.undo()
    assert tell_new_signals(frozen) == 1


def test_the_red_one_is_told_before_older_yellow_ones(world, raise_one, frozen, monkeypatch):
    put_on_duty(world, "psych")
    for _ in range(3):
        raise_one("yellow", student=world.students[1], at=frozen - HOUR, source="screening")
    red = raise_one("red")
    order = []
    monkeypatch.setattr(tell_job, "_tell", lambda signal_id, now: order.append(signal_id) or 1)
    tell_new_signals(frozen)
    assert order[0] == red.id


def test_messages_name_nobody(world, raise_one, frozen):
    put_on_duty(world, "psych")
    raise_one()
    tell_new_signals(frozen)
    row = OutboxMessage.objects.for_system(reason="test").get()
    assert open_sealed([row], "address") == [{"address": "psych@school.example"}]
    text = row.subject + row.body
    assert "XinQiao" in row.body
    assert not any(word in text for word in ("欧阳", "思源", "red", "红", "phq", "20260301"))


def test_yellow_waits_for_the_morning_and_comes_once(world, raise_one, frozen):
    put_on_duty(world, "psych")
    raise_one("yellow", source="screening")
    raise_one("yellow", student=world.students[1], source="screening")
    tell_new_signals(frozen)
    row = OutboxMessage.objects.for_system(reason="test").get()
    assert row.about_kind == "digest"
    assert row.next_try_at == dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)  # Tuesday 7:30


def test_digest_waits_over_a_weekend(world):
    friday_noon = dt.datetime(2026, 11, 27, 4, 0, tzinfo=dt.UTC)
    assert next_digest_at(world.school.path, friday_noon) == dt.datetime(2026, 11, 29, 23, 30, tzinfo=dt.UTC)


# ---- climbing


def test_unacknowledged_climbs_to_the_principal_after_the_packs_minutes(world, raise_one, frozen):
    put_on_duty(world, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    note_seen(world.id_of("psych"), frozen)
    assert climb_due(frozen + 14 * MINUTE) == []
    (climb,) = climb_due(frozen + 15 * MINUTE)
    assert (climb.rung, climb.recipients) == (1, ("principal",))
    assert told(signal, rung=1) == {world.id_of("head")}
    assert events("alerts.signal.climbed").count() == 1


def test_acknowledging_stops_the_climb(world, raise_one, frozen):
    put_on_duty(world, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    acknowledge_signal(fresh(signal), actor=world.actor("psych"))
    assert climb_due(frozen + 2 * HOUR) == []
    assert clock_of(signal).met_by == world.id_of("psych")
    assert told(signal, ended_at__isnull=True) == set()


def test_without_meeting_the_clock_it_would_climb(world, raise_one, frozen, monkeypatch):
    put_on_duty(world, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    monkeypatch.setattr(acknowledging, "meet_deadline", lambda *a, **k: False)
    acknowledge_signal(fresh(signal), actor=world.actor("psych"))
    assert len(climb_due(frozen + 2 * HOUR)) == 1


def test_the_second_to_take_it_is_told_so_and_the_first_stays(world, raise_one, frozen):
    signal = raise_one()
    tell_new_signals(frozen)
    stale = fresh(signal)
    acknowledge_signal(fresh(signal), actor=world.actor("psych"))
    result = acknowledge_signal(stale, actor=world.actor("psych2"))
    assert result == Unchanged("already_acknowledged")
    assert fresh(signal).acknowledged_by == world.id_of("psych")
    assert events("alerts.signal.acknowledged").count() == 1


def test_without_the_conditional_update_the_second_would_overwrite(world, raise_one, frozen, monkeypatch):
    signal = raise_one()
    tell_new_signals(frozen)
    stale = fresh(signal)
    acknowledge_signal(fresh(signal), actor=world.actor("psych"))
    monkeypatch.setattr(moves, "sources_of", lambda target: ["open", "acknowledged", "closed"])
    acknowledge_signal(stale, actor=world.actor("psych2"))
    assert fresh(signal).acknowledged_by == world.id_of("psych2")


def test_nobody_with_an_open_page_lets_red_climb_at_once(world, raise_one, frozen):
    put_on_duty(world, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    assert hasten_unattended(frozen) == 1
    assert [climb.rung for climb in climb_due(frozen)] == [1]
    assert world.id_of("head") in told(signal)


def test_an_open_page_holds_it_for_the_packs_minutes(world, raise_one, frozen):
    put_on_duty(world, "psych")
    raise_one()
    note_seen(world.id_of("psych"), frozen - MINUTE)
    tell_new_signals(frozen)
    assert hasten_unattended(frozen) == 0
    assert hasten_unattended(frozen + 2 * MINUTE) == 1, "the page was closed meanwhile"


def test_orange_does_not_climb_for_want_of_an_open_page(world, raise_one, frozen):
    put_on_duty(world, "psych")
    raise_one("orange", source="student")
    tell_new_signals(frozen)
    assert hasten_unattended(frozen) == 0


def test_the_next_rung_has_time_of_its_own(world, raise_one, frozen):
    put_on_duty(world, "psych")
    raise_one()
    tell_new_signals(frozen)
    hasten_unattended(frozen)
    climb_due(frozen)
    assert hasten_unattended(frozen + MINUTE) == 0
    assert hasten_unattended(frozen + 3 * MINUTE) == 1


def test_beyond_the_last_rung_its_people_are_told_again(world, raise_one, frozen):
    put_on_duty(world, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    at, rungs = frozen, []
    for _ in range(4):
        at = clock_of(signal).next_climb_at
        rungs += [climb.rung for climb in climb_due(at)]
    assert rungs == [1, 2, 3, 4]
    assert clock_of(signal).next_climb_at == at + 30 * MINUTE
    assert told(signal, ended_at__isnull=True) == {world.id_of(n) for n in ("psych", "psych2", "head")}


def test_a_climb_of_the_second_clock_calls_again_those_who_had_it(world, raise_one, frozen):
    signal = raise_one()
    tell_new_signals(frozen)
    acknowledge_signal(fresh(signal), actor=world.actor("head"))
    (climb,) = climb_due(clock_of(signal, "seen").due_at)
    assert climb.kind == "seen"
    assert told(signal, ended_at__isnull=True) == {world.id_of("head")}
    acknowledge_signal(fresh(signal), actor=world.actor("head"))
    assert told(signal, ended_at__isnull=True) == set()
    assert events("alerts.notice.acknowledged").count() == 1


def test_a_failure_while_telling_rolls_the_climb_back_and_it_is_tried_again(world, raise_one, frozen, monkeypatch):
    put_on_duty(world, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    note_seen(world.id_of("psych"), frozen)
    at = frozen + 15 * MINUTE

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(tell_job, "send_word", fail)
    with pytest.raises(Exception, match="1"):
        climb_due(at)
    assert clock_of(signal).rung == 0
    assert not told(signal, rung=1)
    monkeypatch.undo()
    assert len(climb_due(at)) == 1


def test_acknowledging_needs_the_right_at_the_place(world, raise_one, frozen):
    signal = raise_one()
    for login in ("teacher", "other_psych", "officer"):
        with pytest.raises(Forbidden):
            acknowledge_signal(signal, actor=world.actor(login))


# ---- raising inside a command


def test_raising_the_same_fact_twice_joins_the_first(world, frozen):
    origin = ids.new_id()
    facts = {
        "source": "student", "urgency": "orange", "evidence": 10, "basis": [Reason("asked_to_talk")],
        "origin_kind": "sitting", "origin_id": origin, "once": f"student:{origin}", "at": frozen,
    }  # fmt: skip
    with recording(system_actor("test")):
        first, is_new = raise_signal(world.students[0], **facts)
        second, is_second_new = raise_signal(world.students[0], **facts)
    assert (is_new, is_second_new, second.id) == (True, False, first.id)
    assert told(first)
    assert reasons_of(open_sealed([second], "basis")[0]["basis"]) == (Reason("asked_to_talk"),)


def test_the_clocks_keep_the_policy_they_began_with(world, raise_one, frozen):
    signal = raise_one("orange", source="screening")
    tell_new_signals(frozen)
    row = clock_of(signal)
    assert row.pack_revision.startswith("national-default@")
    assert row.due_at == dt.datetime(2026, 11, 24, 15, 59, tzinfo=dt.UTC)
    assert clock_of(signal, "seen").due_at == dt.datetime(2026, 11, 26, 15, 59, tzinfo=dt.UTC)
    assert clocks.open_clocks().count() == 2


def end_roles(world, *logins):
    Membership.objects.filter(user__staff_id__in=[world.id_of(login) for login in logins]).delete()


def give_role(world, login, role):
    Membership.objects.create(
        user=world.users[login], role=role, place=world.school.path, start_on=clock.today() - dt.timedelta(days=9)
    )


def test_a_rung_with_nobody_on_it_passes_to_the_next(world, raise_one, frozen):
    put_on_duty(world, "psych")
    end_roles(world, "psych", "psych2")
    signal = raise_one()
    assert tell_new_signals(frozen) == 1
    assert told(signal) == {world.id_of("head")}


def test_where_the_ladder_names_nobody_who_may_read_whoever_may_is_told(world, frozen):
    bureau = [["county_officer"]]
    told = recipients.people_who_hear(bureau, bureau[0], world.school.path, frozen)
    assert [(person.staff_id, person.may_read) for person in told.people if person.word == "county_officer"] == [
        (world.id_of("officer"), False)
    ]
    readers = {person.staff_id for person in told.people if person.word == "anyone"}
    assert readers == {world.id_of(login) for login in ("psych", "psych2", "head")}


def test_with_nobody_at_all_the_signal_stays_untold_until_somebody_is_there(world, raise_one, frozen):
    end_roles(world, "psych", "psych2", "head")
    signal = raise_one()
    with pytest.raises(SomeWereNotTold):
        tell_new_signals(frozen)
    assert fresh(signal).told_at is None
    give_role(world, "head", "principal")
    assert tell_new_signals(frozen + MINUTE) == 1
    assert told(signal) == {world.id_of("head")}


def test_control_without_the_look_upward_nobody_would_be_told(world, raise_one, frozen, monkeypatch):
    monkeypatch.setattr(
        telling, "people_who_hear", lambda rungs, instead, place, at: recipients.people_to_tell(rungs[0], (), place, at)
    )
    put_on_duty(world, "psych")
    end_roles(world, "psych", "psych2")
    signal = raise_one()
    with pytest.raises(SomeWereNotTold):
        tell_new_signals(frozen)
    assert told(signal) == set()


def test_a_climb_to_an_empty_rung_reaches_someone(world, raise_one, frozen):
    put_on_duty(world, "psych")
    end_roles(world, "head")
    signal = raise_one()
    tell_new_signals(frozen)
    climb_due(frozen + 16 * MINUTE)
    assert world.id_of("psych2") in told(signal), "no principal: the next rung, all psychology teachers"
