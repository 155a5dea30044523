"""The warning ladder of each document, minute by minute, after what the documents say; and each guarantee's control.

Minutes are written by hand: a red signal is to be taken within 15 minutes, an orange one by the next school day.
"""

import datetime as dt
import json
from pathlib import Path

import pytest
import yaml
from django.db import IntegrityError, transaction

from xinqiao.care.alerts.jobs import tell as tell_job
from xinqiao.care.alerts.jobs.tell import hasten_unattended, tell_new_signals
from xinqiao.care.alerts.models import LevelWarning, Notice, Signal
from xinqiao.care.alerts.services import warning as warning_service
from xinqiao.care.alerts.services.acknowledging import acknowledge_signal
from xinqiao.engines.triage import Reason
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.accounts.models import Membership
from xinqiao.register.deadlines.history import clock_history
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.jobs.redate import redate_open
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.duty.models import Absence, DutyShift
from xinqiao.register.duty.services.presence import note_seen
from xinqiao.register.duty.tests.world import add_staff
from xinqiao.register.orgs.services.units import build_unit, ensure_class
from xinqiao.register.people.models import Student
from xinqiao.register.people.registering import StudentDraft, register_students
from xinqiao.register.policy.tests.local_packs import SHIPPED, put_in_force

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
EVE_2340 = dt.datetime(2026, 10, 1, 15, 40, tzinfo=dt.UTC)  # 1 October, a holiday, 23:40 in Shanghai
PACKS = ("s2a-county", "s3-city-schools", "s3-city-universities")


@pytest.fixture
def holiday(world):
    with clock.frozen(EVE_2340):
        yield EVE_2340


@pytest.fixture
def rules(tmp_path, settings):
    """Bind a school to the pack of a document; what else it says may be given."""

    def bind(world, name, **parts):
        words = {"en": name, "zh-Hans": name}
        local = {
            "id": f"local-{name}", "extends": name, "version": "1", "title": words, "authority": words,
            "document": words, "in_force": {"from": "2026-09-01"}, "sources": [],
            "binds": {"units": [world.school.code], "nobody": False}, **parts,
        }  # fmt: skip
        put_in_force(tmp_path, settings, local)
        return tmp_path / "policy" / f"local-{name}.yaml"

    return bind


@pytest.fixture
def people(world):
    """A head of the grade, a dormitory with its keeper; the first pupil boards."""
    grade = world.class_b.parent
    add_staff(world, "grade", "沈知远", Role.GRADE_HEAD, grade, unit=world.school, mail="grade@school.example")
    dormitory = build_unit(world.school, "dormitory", "dorm-1", "一号楼")
    dormitory.save(force_insert=True)
    add_staff(world, "keeper", "鲁秋雁", Role.DORM_KEEPER, dormitory, unit=world.school)
    Student.objects.for_system(reason="test").filter(pk=world.students[0].pk).update(boards=True)
    return world


def on_duty(world, login, role="psychology", at=None):
    start = (at or clock.now()) - dt.timedelta(hours=1)
    DutyShift(
        county_id=world.school.shard_id, place=world.school.path, staff_id=world.id_of(login), role=role,
        start_at=start, end_at=start + dt.timedelta(hours=9),
    ).save(force_insert=True)  # fmt: skip


def away(world, login, substitute, on, days=0):
    row = Absence(
        county_id=world.school.shard_id, place=world.school.path, staff_id=world.id_of(login),
        substitute_id=world.id_of(substitute), start_on=on, end_on=on + dt.timedelta(days=days),
        entered_by=world.id_of("head"),
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def logins(world, ids):
    names = {staff.id: login for login, staff in world.staff.items()}
    return {names[staff_id] for staff_id in ids}


def noticed(world, signal, **only):
    rows = Notice.objects.for_system(reason="test").filter(signal=signal, **only)
    return logins(world, rows.values_list("staff_id", flat=True))


def warned(world, signal, **only):
    rows = LevelWarning.objects.for_system(reason="test").filter(signal=signal, **only)
    return logins(world, rows.values_list("staff_id", flat=True))


def minutes_told(world, signal, began):
    """Return who was told at which minute of a signal, by the history of its clocks."""
    found = {}
    for entry in clock_history(signal.id, began + dt.timedelta(days=30)):
        if entry.what == "told":
            minute = int((entry.at - began).total_seconds() // 60)
            found.setdefault(minute, set()).update(logins(world, [staff_id for staff_id, _word in entry.people]))
    return found


def run_clock(signal, began, minutes):
    """Let the ticker run once a minute."""
    for minute in range(minutes + 1):
        with clock.frozen(began + minute * MINUTE):
            climb_due(began + minute * MINUTE)


def keep_pages_open(world, at, *names):
    """As open pages do: nobody is skipped for want of one."""
    for login in names:
        note_seen(world.id_of(login), at)


# ---- the ladders of the documents


def test_every_shipped_ladder_has_the_levels_of_its_document():
    def codes(name):
        body = yaml.safe_load((SHIPPED / "policy" / f"{name}.yaml").read_text("utf-8"))
        rows = body["ladder"]["levels"]
        return [row["unit"] for row in rows["value"]], rows["source"]

    assert codes("s2a-county") == (["dormitory", "class", "grade", "school"], ["S2a-3.3c", "ours"])
    assert codes("s3-city-schools") == (["class", "grade", "school"], ["S3-2.4.1c", "ours"])
    assert codes("s3-city-universities") == (["dormitory", "class", "department", "school"], ["S3-2.4.1d", "ours"])
    assert codes("national-default") == (["school"], ["ours"])


def test_the_national_ladder_minute_by_minute(world, raise_one, frozen):
    on_duty(world, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    run_clock(signal, frozen, 80)
    assert minutes_told(world, signal, frozen) == {
        0: {"psych"}, 15: {"head"}, 30: {"psych", "psych2", "head"}, 45: {"psych", "psych2", "head", "officer"},
        75: {"psych", "psych2", "head", "officer"},
    }  # fmt: skip
    assert warned(world, signal) == {"officer"}


def test_the_countys_four_levels(people, rules, raise_one, frozen):
    rules(people, "s2a-county")
    on_duty(people, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    assert noticed(people, signal) == {"psych"}
    assert warned(people, signal) == {"teacher", "keeper", "grade"}
    sees = dict(LevelWarning.objects.for_system(reason="test").values_list("level", "sees"))
    assert sees == {"dormitory": "notice_only", "class": "level_and_advice", "grade": "notice_only"}
    assert minutes_told(people, signal, frozen)[0] == {"psych", "teacher", "keeper", "grade"}


def test_the_countys_orange_reaches_the_grade_when_it_climbs(people, rules, raise_one, frozen):
    rules(people, "s2a-county")
    on_duty(people, "psych")
    signal = raise_one("orange", source="student")
    tell_new_signals(frozen)
    assert warned(people, signal) == {"teacher"}
    due = Deadline.objects.for_system(reason="test").get(subject_id=signal.id, kind="acknowledge").due_at
    with clock.frozen(due):
        climb_due(due)
    assert warned(people, signal) == {"teacher", "grade"}


def test_the_citys_three_levels(people, rules, raise_one, frozen):
    rules(people, "s3-city-schools")
    on_duty(people, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    run_clock(signal, frozen, 20)
    told = minutes_told(people, signal, frozen)
    assert told == {0: {"psych", "teacher"}, 15: {"head", "grade"}}
    assert "keeper" not in warned(people, signal), "this document has no level of the dormitory"


def test_the_universitys_four_levels(people, rules, frozen):
    from xinqiao.care.alerts.services.raising import prepare_signal

    rules(people, "s3-city-universities")
    department = build_unit(people.school, "department", "edu", "教育学院")
    department.save(force_insert=True)
    group, _is_new = ensure_class(department, "junior", 2026, 1)
    add_staff(people, "dean", "纪安然", Role.GRADE_HEAD, department, unit=people.school)
    add_staff(people, "adviser", "方思齐", Role.CLASS_TEACHER, group, unit=people.school)
    (student,) = register_students(people.school, [StudentDraft("顾平川", group, "99", boards=True)], clock.today())
    signal = prepare_signal(
        student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id,
        source="student", urgency="red", evidence=1, basis=[Reason("asked_to_talk")], origin_kind="x",
        origin_id=student.id, once="x:1", at=frozen,
    )  # fmt: skip
    signal.save(force_insert=True)
    on_duty(people, "psych")
    tell_new_signals(frozen)
    run_clock(signal, frozen, 16)
    assert minutes_told(people, signal, frozen) == {0: {"psych", "adviser", "keeper"}, 15: {"head", "dean"}}


@pytest.mark.parametrize("name", PACKS)
def test_control_without_the_levels_of_the_pack_nobody_is_warned(people, rules, raise_one, frozen, monkeypatch, name):
    rules(people, name)
    on_duty(people, "psych")
    monkeypatch.setattr(warning_service, "named_people", lambda *a, **k: [])
    signal = raise_one()
    tell_new_signals(frozen)
    assert warned(people, signal) == set()


def test_a_pupil_who_does_not_board_concerns_no_dormitory(people, rules, raise_one, frozen):
    rules(people, "s2a-county")
    on_duty(people, "psych")
    signal = raise_one(student=people.students[1])
    tell_new_signals(frozen)
    assert warned(people, signal) == {"teacher", "grade"}


def test_of_several_dormitories_nobody_is_guessed(people, rules, raise_one, frozen):
    rules(people, "s2a-county")
    build_unit(people.school, "dormitory", "dorm-2", "二号楼").save(force_insert=True)
    on_duty(people, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    assert "keeper" not in warned(people, signal)


def test_a_warning_holds_nothing_of_why_and_its_message_names_nobody(people, rules, raise_one, frozen):
    rules(people, "s2a-county")
    on_duty(people, "psych")
    raise_one()
    tell_new_signals(frozen)
    rows = list(OutboxMessage.objects.for_system(reason="test"))
    sent = {opened["address"] for opened in open_sealed(rows, "address")}
    assert "grade@school.example" in sent
    text = " ".join(row.subject + row.body for row in rows)
    assert not any(word in text for word in ("欧阳", "思源", "red", "红", "phq"))


def test_the_database_keeps_one_warning_a_person(people, rules, raise_one, frozen):
    rules(people, "s2a-county")
    on_duty(people, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    twin = LevelWarning.objects.for_system(reason="test").filter(signal=signal).first()
    twin.pk = twin.id = None
    with pytest.raises(IntegrityError), transaction.atomic():
        LevelWarning.objects.for_system(reason="test").bulk_create([
            LevelWarning(
                signal=signal, staff_id=twin.staff_id, level="x", role="x", sees="notice_only", named_at=twin.named_at,
                created_at=frozen, called_at=frozen, place=twin.place, county_id=twin.county_id,
            )
        ])  # fmt: skip


# ---- skipped, away, at night, over a holiday


def test_whoever_stands_on_two_rungs_is_told_once_and_the_rung_is_passed_over(world, raise_one, frozen):
    on_duty(world, "psych")
    on_duty(world, "head", role="lead")  # and the principal is the second rung
    signal = raise_one()
    tell_new_signals(frozen)
    run_clock(signal, frozen, 31)
    assert minutes_told(world, signal, frozen) == {
        0: {"psych", "head"}, 15: {"psych", "psych2", "head"}, 30: {"psych", "psych2", "head", "officer"},
    }  # fmt: skip
    history = clock_history(signal.id, frozen + 40 * MINUTE)
    assert [(entry.rung, entry.detail) for entry in history if entry.what == "skipped"] == [(1, "told_already")]


def test_control_without_passing_over_the_principal_would_be_told_twice(world, raise_one, frozen, monkeypatch):
    monkeypatch.setattr(tell_job, "_are_all_called", lambda *a: False)
    on_duty(world, "psych")
    on_duty(world, "head", role="lead")
    signal = raise_one()
    tell_new_signals(frozen)
    run_clock(signal, frozen, 16)
    assert minutes_told(world, signal, frozen)[15] == {"head"}


def test_on_the_eve_of_a_holiday_at_2340_the_substitute_then_the_principal_then_the_county(world, raise_one, holiday):
    away(world, "psych", "psych2", dt.date(2026, 10, 1), days=6)
    on_duty(world, "psych")  # planned before it was known; the night shift goes over midnight
    signal = raise_one(at=holiday)
    tell_new_signals(holiday)
    assert noticed(world, signal) == {"psych2"}
    run_clock(signal, holiday, 46)
    assert minutes_told(world, signal, holiday) == {
        0: {"psych2"}, 15: {"head"}, 30: {"psych2", "head"}, 45: {"psych2", "head", "officer"},
    }  # fmt: skip
    row = LevelWarning.objects.for_system(reason="test").get(signal=signal)
    assert (row.sees, row.place) == ("beyond", world.county.path)


def test_control_without_the_absence_the_one_who_is_away_would_be_called(world, raise_one, holiday):
    on_duty(world, "psych")
    signal = raise_one(at=holiday)
    tell_new_signals(holiday)
    assert noticed(world, signal) == {"psych"}


def test_an_ended_absence_stands_in_for_nobody(world, raise_one, holiday):
    row = away(world, "psych", "psych2", dt.date(2026, 10, 1))
    Absence.objects.for_system(reason="test").filter(pk=row.pk).update(ended_at=holiday)
    on_duty(world, "psych")
    signal = raise_one(at=holiday)
    tell_new_signals(holiday)
    assert noticed(world, signal) == {"psych"}


def test_a_stand_in_who_may_not_read_notices_does_not_silence_the_one_away(world, raise_one, frozen):
    away(world, "psych", "teacher", dt.date(2026, 11, 23))
    on_duty(world, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    assert noticed(world, signal) == {"psych"}


def test_the_substitute_of_a_class_teacher_is_warned_instead(people, rules, raise_one, frozen):
    rules(people, "s3-city-schools")
    on_duty(people, "psych")
    away(people, "teacher", "teacher_a", dt.date(2026, 11, 23))
    signal = raise_one()
    tell_new_signals(frozen)
    assert warned(people, signal) == {"teacher_a"}
    (row,) = LevelWarning.objects.for_system(reason="test").filter(signal=signal)
    assert row.place == people.class_a.path, "where the substitute may read"
    assert row.named_at == people.class_b.path, "whose pupil it is"


def test_an_orange_one_raised_before_the_holiday_waits_for_school_and_never_reaches_the_county(world, raise_one):
    eve = dt.datetime(2026, 9, 30, 2, 0, tzinfo=dt.UTC)  # Wednesday; school begins again on Thursday 8 October
    with clock.frozen(eve):
        on_duty(world, "psych")
        signal = raise_one("orange", source="student", at=eve)
        tell_new_signals(eve)
    due = Deadline.objects.for_system(reason="test").get(subject_id=signal.id, kind="acknowledge")
    assert due.due_at == dt.datetime(2026, 10, 8, 15, 59, tzinfo=dt.UTC)
    for _ in range(5):
        at = Deadline.objects.for_system(reason="test").get(pk=due.pk).next_climb_at
        with clock.frozen(at):
            climb_due(at)
    assert warned(world, signal) == set()


def test_taking_it_at_minute_44_keeps_it_inside_the_school(world, raise_one, frozen):
    on_duty(world, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    run_clock(signal, frozen, 43)
    with clock.frozen(frozen + 44 * MINUTE):
        acknowledge_signal(Signal.objects.for_system(reason="test").get(pk=signal.pk), actor=world.actor("head"))
    run_clock(signal, frozen, 50)
    assert warned(world, signal) == set()


def test_no_open_page_hastens_it_to_the_last_rung_of_the_school_and_no_further(world, raise_one, frozen):
    on_duty(world, "psych")
    signal = raise_one()
    tell_new_signals(frozen)
    for second in range(0, 600, 30):
        at = frozen + dt.timedelta(seconds=second)
        with clock.frozen(at):
            hasten_unattended(at)
            climb_due(at)
    told = minutes_told(world, signal, frozen)
    assert set().union(*told.values()) == {"psych", "psych2", "head"}
    assert max(told) < 10


# ---- the telling's own clock


def test_a_late_telling_is_an_event_and_stands_in_the_history(world, raise_one, frozen):
    on_duty(world, "psych")
    signal = raise_one(at=frozen)
    with clock.frozen(frozen + 4 * MINUTE):
        tell_new_signals(frozen + 4 * MINUTE)
    facts = json.loads(AuditEvent.objects.get(event="alerts.signal.told_late").facts)
    assert facts["minutes"] == 3
    met = [entry for entry in clock_history(signal.id, frozen + 5 * MINUTE) if entry.what == "met"]
    assert [(entry.kind, entry.is_late) for entry in met] == [("told", True)]


def test_control_told_in_time_leaves_no_such_event(world, raise_one, frozen):
    on_duty(world, "psych")
    raise_one(at=frozen)
    tell_new_signals(frozen + MINUTE)
    assert not AuditEvent.objects.filter(event="alerts.signal.told_late").exists()


# ---- five minutes' work in a pack


def test_one_clock_edited_in_the_pack_moves_the_running_one_and_the_next(people, rules, raise_one, frozen):
    file = Path(rules(people, "s2a-county"))
    on_duty(people, "psych")
    first = raise_one()
    tell_new_signals(frozen)

    def due(signal):
        return Deadline.objects.for_system(reason="test").get(subject_id=signal.id, kind="acknowledge").due_at

    assert due(first) == frozen + 15 * MINUTE
    body = yaml.safe_load(file.read_text("utf-8"))
    body["clocks"] = {"red": {"acknowledged": {"value": {"minutes": 5}, "source": ["ours"]}}}
    file.write_text(yaml.safe_dump(body, allow_unicode=True), "utf-8")
    with clock.frozen(frozen + MINUTE):
        assert redate_open(frozen + MINUTE) >= 1
        second = raise_one(student=people.students[1], at=frozen + MINUTE)
        tell_new_signals(frozen + MINUTE)
    assert (due(first), due(second)) == (frozen + 5 * MINUTE, frozen + 6 * MINUTE)
    redated = [entry for entry in clock_history(first.id, frozen + 2 * MINUTE) if entry.what == "redated"]
    assert [(entry.kind, entry.until) for entry in redated] == [("acknowledge", frozen + 5 * MINUTE)]


def test_control_the_same_file_with_the_clock_as_it_was_moves_nothing(people, rules, raise_one, frozen):
    file = Path(rules(people, "s2a-county"))
    on_duty(people, "psych")
    raise_one()
    tell_new_signals(frozen)
    body = yaml.safe_load(file.read_text("utf-8")) | {"version": "2"}
    file.write_text(yaml.safe_dump(body, allow_unicode=True), "utf-8")
    assert redate_open(frozen + MINUTE) == 0


def test_a_role_that_ended_is_warned_no_more(people, rules, raise_one, frozen):
    rules(people, "s3-city-schools")
    on_duty(people, "psych")
    Membership.objects.filter(user__staff_id=people.id_of("teacher")).update(end_on=clock.today())
    signal = raise_one()
    tell_new_signals(frozen)
    assert warned(people, signal) == set()
