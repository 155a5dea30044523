"""A turn from its draft to its end: what it writes, what it refuses, and that it does both once."""

import datetime as dt
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Enrolment, Student
from xinqiao.register.people.services.students import move_student
from xinqiao.register.years.jobs.turns import begin_due_turns
from xinqiao.register.years.models import TurnStep, YearTurn
from xinqiao.register.years.rules import NOBODY, grade_key
from xinqiao.register.years.running import take_over, write_turn
from xinqiao.register.years.school import digest_of, layout_of, leaders_at
from xinqiao.register.years.services import turns
from xinqiao.register.years.services.turns import (
    CannotTurn,
    accept_turn,
    apply_step,
    begin_turn,
    begin_writing,
    change_day,
    change_plan,
    drop_turn,
    finish_turn,
    take_back_turn,
)
from xinqiao.register.years.states import TurnState, diagram
from xinqiao.register.years.tests.conftest import (
    CLOCK,
    ON,
    THE_DAY,
    WHY,
    accept,
    key_of,
    plan,
    pupils_of,
    stays,
    written,
)

NINTH, EIGHTH, SEVENTH = 3, 2, 1


def refused(code: str):
    return pytest.raises(CannotTurn, match=f"^{code}$")


def everything() -> tuple:
    """What a plan must not touch."""
    return (
        list(Enrolment.objects.for_system(reason=WHY).values_list("id", "end_on", "place").order_by("id")),
        list(Student.objects.for_system(reason=WHY).values_list("id", "status", "place").order_by("id")),
        list(Unit.objects.values_list("id", "is_closed").order_by("id")),
        list(Membership.objects.values_list("id", "end_on").order_by("id")),
    )


# ---- a plan changes nothing


def test_planning_and_accepting_write_nothing_before_the_day(cast, school, turn, head):
    before = everything()
    pupil = pupils_of(cast.classes["songhu-junior", "junior", NINTH, 1].path)[0]
    plan(
        turn, head, kept_back={str(pupil.id): key_of(school, EIGHTH, 1)}, teachers={key_of(school, SEVENTH, 3): NOBODY}
    )
    accepted = accept(turn, head)
    assert everything() == before
    assert begin_due_turns(THE_DAY - dt.timedelta(days=1)) == 0
    with clock.frozen(THE_DAY - dt.timedelta(days=1)):
        write_turn(accepted, actor=CLOCK)
    assert everything() == before


def test_a_plan_is_kept_section_by_section(turn, head, school):
    plan(
        turn, head, teachers={key_of(school, SEVENTH, 3): NOBODY}, entry={grade_key(str(school.id), "junior", 2027): 9}
    )
    plan(turn, head, teachers={key_of(school, SEVENTH, 1): NOBODY})
    assert set(turn.plan["teachers"]) == {key_of(school, SEVENTH, 3), key_of(school, SEVENTH, 1)}
    plan(turn, head, teachers={key_of(school, SEVENTH, 3): ""})
    assert set(turn.plan["teachers"]) == {key_of(school, SEVENTH, 1)}
    assert isinstance(change_plan(turn, actor=head, section="teachers", values={}), Unchanged)


def test_one_open_plan_a_school(turn, school, head):
    with refused("open_already"):
        begin_turn(school, actor=head, on=ON)
    drop_turn(turn, actor=head)
    assert begin_turn(school, actor=head, on=ON).state == TurnState.DRAFT


def test_the_database_holds_that_a_school_has_one_open_plan(turn):
    with pytest.raises(IntegrityError), transaction.atomic():
        YearTurn(
            unit_id=turn.unit_id, county_id=turn.county_id, place=turn.place, key_id=new_key("unit"), starts_in=2028,
            on=ON, drafted_by=turn.drafted_by, drafted_at=clock.now(), changed_at=clock.now(),
        ).save(force_insert=True)  # fmt: skip


def test_the_database_holds_that_what_is_accepted_says_when(turn):
    with pytest.raises(IntegrityError), transaction.atomic():
        YearTurn.objects.for_system(reason=WHY).filter(pk=turn.pk).update(state="accepted")


@pytest.mark.parametrize("login", ["psych.songhu", "county.songhu", "class.songhu", "security.linxi"])
def test_nobody_but_the_head_plans(turn, school, actor_of, login):
    for act in (
        lambda actor: begin_turn(school, actor=actor, on=ON),
        lambda actor: change_plan(turn, actor=actor, section="entry", values={}),
        lambda actor: accept_turn(turn, actor=actor, digest=""),
        lambda actor: drop_turn(turn, actor=actor),
    ):
        with pytest.raises(Forbidden):
            act(actor_of(login))


@pytest.mark.parametrize(("month", "is_good"), [(6, False), (7, True), (9, True), (12, True), (2, False)])
def test_a_year_begins_between_july_and_december(school, head, month, is_good):
    with suppress(CannotTurn):
        begin_turn(school, actor=head, on=dt.date(2027, month, 1))
        assert is_good
        return
    assert not is_good


def test_only_a_school_turns(cast, actor_of, head, school):
    with refused("not_a_school"):
        begin_turn(cast.classes["songhu-junior", "junior", 1, 1], actor=head, on=ON)


# ---- a yes is to what was shown


def test_a_yes_to_an_older_dry_run_is_refused(cast, school, turn, head, actor_of):
    shown = digest_of(turn, layout_of(turn)[1])
    pupil = pupils_of(cast.classes["songhu-junior", "junior", NINTH, 1].path)[0]
    move_student(pupil, actor=actor_of("psych.songhu"), class_unit=cast.classes["songhu-junior", "junior", NINTH, 2],
                 on=clock.today())  # fmt: skip
    with refused("changed_since"):
        accept_turn(turn, actor=head, digest=shown)
    assert accept(turn, head).state == TurnState.ACCEPTED


def test_control_a_yes_that_is_not_compared_is_taken(cast, turn, head, actor_of, monkeypatch):
    shown = digest_of(turn, layout_of(turn)[1])
    pupil = pupils_of(cast.classes["songhu-junior", "junior", NINTH, 1].path)[0]
    move_student(pupil, actor=actor_of("psych.songhu"), class_unit=cast.classes["songhu-junior", "junior", NINTH, 2],
                 on=clock.today())  # fmt: skip
    monkeypatch.setattr(turns, "digest_of", lambda *_args: shown)
    with pytest.raises(pytest.fail.Exception), refused("changed_since"):
        accept_turn(turn, actor=head, digest=shown)


def test_a_plan_with_a_fault_is_not_accepted(cast, school, turn, head):
    pupil = pupils_of(cast.classes["songhu-junior", "junior", NINTH, 1].path)[0]
    plan(turn, head, kept_back={str(pupil.id): key_of(school, SEVENTH, 1)})
    with refused("has_faults"):
        accept(turn, head)


def test_an_accepted_plan_is_not_changed_but_can_be_taken_back(turn, head):
    accept(turn, head)
    for act in (
        lambda: change_plan(turn, actor=head, section="entry", values={"x": 1}),
        lambda: change_day(turn, actor=head, on=dt.date(2027, 9, 2)),
        lambda: accept_turn(turn, actor=head, digest=""),
        lambda: drop_turn(turn, actor=head),
    ):
        with refused("wrong_state"):
            act()
    turn.refresh_from_db()
    take_back_turn(turn, actor=head)
    change_day(turn, actor=head, on=dt.date(2027, 9, 2))
    turn.refresh_from_db()
    assert (turn.state, turn.on) == (TurnState.DRAFT, dt.date(2027, 9, 2))


# ---- what is written


def test_graduates_leave_on_the_day_and_their_classes_close(cast, school, turn, head):
    ninth = [unit for (code, _s, grade, _n), unit in cast.classes.items() if (code, grade) == ("songhu-junior", NINTH)]
    pupils = [pupil for unit in ninth for pupil in pupils_of(unit.path)]
    others = Student.objects.for_system(reason=WHY).exclude(pk__in=[p.pk for p in pupils])
    before = list(others.values_list("id", "place", "status").order_by("id"))
    assert written(turn, head).state == TurnState.DONE
    for pupil in pupils:
        pupil.refresh_from_db()
        assert (pupil.status, pupil.place) == ("left", school.path)
        assert stays(pupil)[-1][2:] == (ON, "graduated")
    for unit in [*ninth, ninth[0].parent]:
        unit.refresh_from_db()
        assert unit.is_closed
    assert list(others.values_list("id", "place", "status").order_by("id")) == before


def test_who_goes_on_is_not_written_at_all(cast, turn, head):
    seventh = cast.classes["songhu-junior", "junior", SEVENTH, 3]
    before = [stays(pupil) for pupil in pupils_of(seventh.path)]
    written(turn, head)
    assert [stays(pupil) for pupil in pupils_of(seventh.path)] == before


def test_entering_classes_open_once(cast, school, turn, head):
    grade = grade_key(str(school.id), "junior", 2027)
    plan(turn, head, entry={grade: 5})
    written(turn, head)
    numbers = Unit.objects.filter(kind="class", entry_year=2027, parent__parent=school).values_list("number", flat=True)
    assert sorted(numbers) == [1, 2, 3, 4, 5]


def test_whoever_is_kept_back_goes_into_the_year_behind_and_does_not_graduate(cast, school, turn, head):
    graduate, *_rest = pupils_of(cast.classes["songhu-junior", "junior", NINTH, 1].path)
    beginner, *_rest = pupils_of(cast.classes["songhu-junior", "junior", SEVENTH, 1].path)
    new_class = f"{grade_key(str(school.id), 'junior', 2027)}:1"
    plan(turn, head, kept_back={str(graduate.id): key_of(school, EIGHTH, 2), str(beginner.id): new_class})
    done = written(turn, head)
    for pupil, entered in ((graduate, 2025), (beginner, 2027)):
        pupil.refresh_from_db()
        unit = Unit.objects.get(path=pupil.place)
        assert (pupil.status, unit.entry_year) == ("active", entered)
        assert [row[2:] for row in stays(pupil)] == [(ON, "kept_back"), (None, "")]
    assert sum(len(step.skipped) for step in done.steps.for_system(reason=WHY)) == 0


def test_class_teachers_change_on_the_day(cast, school, turn, head):
    unit = cast.classes["songhu-junior", "junior", SEVENTH, 3]
    old, new = cast.staff["class.songhu"], cast.staff["subject.songhu"]
    epoch = cast.users["class.songhu"].session_epoch
    plan(turn, head, teachers={key_of(school, SEVENTH, 3): str(new.id)})
    written(turn, head)
    rows = Membership.objects.filter(place=unit.path, role="class_teacher").order_by("start_on")
    assert [(row.user.staff_id, row.end_on) for row in rows] == [(old.id, ON), (new.id, None)]
    assert rows[1].start_on == ON
    assert User.objects.get(staff_id=old.id).session_epoch > epoch
    assert rows[1].granted_by == head.id


def test_a_class_can_be_left_without_a_teacher(cast, school, turn, head):
    unit = cast.classes["songhu-junior", "junior", SEVENTH, 3]
    plan(turn, head, teachers={key_of(school, SEVENTH, 3): NOBODY})
    written(turn, head)
    assert leaders_at([unit.path], ON) == []


def test_roles_over_a_class_that_closes_end_with_it(cast, school, turn, head):
    unit, user = cast.classes["songhu-junior", "junior", NINTH, 1], cast.users["mentor.songhu"]
    Membership.objects.create(user=user, role="mentor", place=unit.path, start_on=clock.today())
    written(turn, head)
    assert Membership.objects.get(place=unit.path).end_on == ON


def test_nobody_names_himself(cast, school, turn, head):
    plan(turn, head, teachers={key_of(school, SEVENTH, 1): str(head.staff_id)})
    done = written(turn, head)
    steps = done.steps.for_system(reason=WHY).filter(kind="teacher")
    assert [step.skipped for step in steps] == [{str(head.staff_id): "own"}]


# ---- what has changed since


def test_what_can_no_longer_be_written_is_left_out_and_named(cast, school, turn, head, actor_of):
    """A pupil who came after the day, and one whose class to be kept back into has gone: both stay, and so does the
    class."""
    late, kept, *others = pupils_of(cast.classes["songhu-junior", "junior", NINTH, 1].path)
    target = key_of(school, EIGHTH, 2)
    plan(turn, head, kept_back={str(kept.id): target})
    accepted = accept(turn, head)
    Enrolment.objects.for_system(reason=WHY).filter(student=late).update(start_on=dt.date(2027, 9, 5))
    gone = cast.classes["songhu-junior", "junior", EIGHTH, 2]
    Unit.objects.filter(pk=gone.pk).update(is_closed=True)
    with clock.frozen(THE_DAY + dt.timedelta(days=10)):
        write_turn(accepted, actor=CLOCK)
    done = YearTurn.objects.for_system(reason=WHY).get(pk=turn.pk)
    skipped = {key: code for step in done.steps.for_system(reason=WHY) for key, code in step.skipped.items()}
    assert skipped == {str(late.id): "too_new", str(kept.id): "kept_back"} or skipped == {
        str(late.id): "too_new", str(kept.id): "no_target"
    }  # fmt: skip
    for pupil in (late, kept):
        pupil.refresh_from_db()
        assert pupil.status == "active"
    assert not Unit.objects.get(path=late.place).is_closed
    for pupil in others:
        pupil.refresh_from_db()
        assert pupil.status == "left"


def test_a_turn_written_late_does_not_backdate_roles(cast, school, turn, head):
    unit, new = cast.classes["songhu-junior", "junior", SEVENTH, 3], cast.staff["subject.songhu"]
    plan(turn, head, teachers={key_of(school, SEVENTH, 3): str(new.id)})
    accepted = accept(turn, head)
    with clock.frozen(THE_DAY + dt.timedelta(days=10)):
        write_turn(accepted, actor=CLOCK)
    assert {row.start_on for row in leaders_at([unit.path], dt.date(2027, 9, 11))} == {dt.date(2027, 9, 11)}


# ---- once, whatever interrupts it


class Killed(BaseException):
    """Nothing catches it."""


def written_state() -> tuple:
    return (
        *everything(),
        list(TurnStep.objects.for_system(reason=WHY).values_list("number", "pupils").order_by("number")),
    )


@pytest.mark.parametrize("after", [0, 1, 3, 5])
def test_killed_and_gone_on_it_is_written_once(cast, school, turn, head, monkeypatch, after):
    """Killed in the middle of the step after so many; the other worker finds what is missing and nothing twice."""
    accepted = accept(turn, head)
    real, calls = turns.write_step, []

    def dying(turn, step):
        done = real(turn, step)
        if len(calls) == after:
            raise Killed
        calls.append(step.key)
        return done

    with clock.frozen(THE_DAY):
        monkeypatch.setattr(turns, "write_step", dying)
        with pytest.raises(Killed):
            write_turn(accepted, actor=CLOCK)
        steps = TurnStep.objects.for_system(reason=WHY).filter(turn=turn)
        assert steps.exclude(done_at=None).count() == after
        monkeypatch.setattr(turns, "write_step", real)
    with clock.frozen(THE_DAY + dt.timedelta(minutes=3)):
        assert begin_due_turns(clock.now()) == 1
        turn.refresh_from_db()
        assert turn.state == TurnState.DONE
        once_each()
        before = written_state()
        assert begin_due_turns(clock.now() + dt.timedelta(hours=1)) == 0
        assert written_state() == before


def once_each() -> None:
    """Every pupil has one stay that was open; nobody has two ends on the day."""
    for student in Student.objects.for_system(reason=WHY):
        assert sum(row[2] == ON for row in stays(student)) <= 1
        assert sum(row[2] is None for row in stays(student)) == (student.status == "active")


def test_control_a_step_that_is_done_apart_from_its_mark_is_written_twice(cast, school, turn, head, monkeypatch):
    """Where the mark is not kept with the writing, a second worker writes the step again: the audit shows it twice."""
    accepted = accept(turn, head)
    with clock.frozen(THE_DAY):
        begin_writing(accepted, actor=CLOCK)
        token = take_over(accepted)
        step = TurnStep.objects.for_system(reason=WHY).select_related("turn").filter(turn=turn).first()
        apply_step(step, actor=CLOCK, token=token)
        assert isinstance(apply_step(step, actor=CLOCK, token=token), Unchanged)
        TurnStep.objects.for_system(reason=WHY).filter(pk=step.pk).update(done_at=None)
        with pytest.raises(AssertionError):
            assert isinstance(apply_step(step, actor=CLOCK, token=token), Unchanged)


def test_of_two_workers_only_the_later_one_writes(turn, head):
    accepted = accept(turn, head)
    with clock.frozen(THE_DAY):
        begin_writing(accepted, actor=CLOCK)
        first, second = take_over(accepted), take_over(accepted)
        step = TurnStep.objects.for_system(reason=WHY).select_related("turn").filter(turn=turn).first()
        with refused("lease_lost"):
            apply_step(step, actor=CLOCK, token=first)
        apply_step(step, actor=CLOCK, token=second)
        with refused("wrong_state"):
            finish_turn(accepted, actor=CLOCK, token=second)


def test_the_clock_begins_an_accepted_turn_on_its_day(turn, head):
    accept(turn, head)
    with clock.frozen(THE_DAY):
        assert begin_due_turns(THE_DAY) == 1
    turn.refresh_from_db()
    assert turn.state == TurnState.DONE


# ---- what it leaves behind


def test_the_audit_tells_it_in_counts_and_seals_who(cast, turn, head):
    written(turn, head)
    events = AuditEvent.objects.filter(event__startswith="years.").order_by("at", "id")
    names = [event.event for event in events]
    assert names[:3] == ["years.turn.drafted", "years.turn.accepted", "years.turn.begun"]
    assert names[-1] == "years.turn.finished"
    graduates = pupils_of(cast.units["songhu-junior"].path)
    for event in events:
        assert not any(str(pupil.id) in event.facts or pupil.id.hex in event.facts for pupil in graduates)


def test_the_drawing_is_the_table():
    drawing = Path(__file__).resolve().parents[5] / "docs/states/year-turn.md"
    assert f"```mermaid\n{diagram()}\n```" in drawing.read_text("utf-8")
