"""Rounds open by the calendar and by a call, once; their lists climb when nobody signs them."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from xinqiao.care.rounds import opening, rules
from xinqiao.care.rounds.jobs.opening import follow_calls, hasten_holes, keep_rounds, open_due
from xinqiao.care.rounds.models import Round
from xinqiao.care.rounds.services.calls import call_round, withdraw_call
from xinqiao.care.rounds.services.lists import CannotNote, note_nothing, sign_list
from xinqiao.care.rounds.states import ListState
from xinqiao.care.rounds.tests.conftest import WHY, every_list, every_round
from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.accounts.models import Membership
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.kinds import ROUND
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.duty.tests.world import add_staff
from xinqiao.register.orgs.models import Term
from xinqiao.register.people.services.students import end_enrolment

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def at(day: str, hour: int = 9) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{hour:02}:00").replace(tzinfo=SHANGHAI)


def messages():
    return OutboxMessage.objects.for_system(reason="a test looks at all rows")


def opened_on(day: str) -> list[str]:
    with clock.frozen(at(day)):
        open_due(clock.now())
    return sorted(every_round().filter(opened_at=at(day)).values_list("window", flat=True))


def test_windows_open_at_the_school_on_their_days_and_only_once(world, terms):
    assert opened_on("2026-09-07") == []
    assert opened_on("2026-09-08") == ["term-start"]
    assert opened_on("2026-09-09") == []
    assert opened_on("2026-10-13") == ["after-holiday", "entry"], "both were on days without the server"
    assert opened_on("2027-01-11") == ["before-vacation"]
    assert every_round().filter(school_id=world.other_school.id).count() == 0, "a county without a calendar"


def test_a_window_that_was_missed_for_longer_than_the_policy_says_is_let_go(world, terms):
    assert opened_on("2026-09-18") == ["term-start"]
    assert opened_on("2026-10-25") == [], "entry opened on 13 October, ten days are over"


def test_a_calendar_that_is_corrected_by_a_few_days_opens_nothing_twice(world, terms):
    assert opened_on("2026-09-08") == ["term-start"]
    Term.objects.filter(number=1).update(start_on=dt.date(2026, 9, 3))
    assert opened_on("2026-09-10") == []


def test_control_without_its_occasion_a_round_would_open_at_every_run(world, terms, monkeypatch):
    assert opened_on("2026-09-08") == ["term-start"]
    found = every_round().get()
    twin = Round(
        county_id=found.county_id, place=found.place, school_id=found.school_id, window=found.window,
        occasion=found.occasion, names=found.names, opened_at=found.opened_at, due_at=found.due_at,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    monkeypatch.setattr("xinqiao.care.rounds.jobs.opening._opened_already", lambda on: set())
    real = opening.open_round
    monkeypatch.setattr(
        "xinqiao.care.rounds.jobs.opening.open_round", lambda s, w, o, **more: real(s, w, o + "x", **more)
    )
    assert opened_on("2026-09-09") == ["term-start"]


def test_a_second_ticker_that_saw_nothing_of_the_first_opens_nothing(world, terms, monkeypatch):
    monkeypatch.setattr("xinqiao.care.rounds.jobs.opening._opened_already", lambda on: set())
    assert [open_due(at("2026-09-08")), open_due(at("2026-09-08"))] == [1, 0]
    assert every_round().count() == 1
    assert every_list().count() == 2
    assert open_clocks().filter(kind=ROUND).count() == 2


def test_each_class_with_pupils_has_a_list_with_a_clock_and_its_teacher_is_told(world, called):
    assert set(called) == {world.class_a.path, world.class_b.path}
    row = called[world.class_b.path]
    clocks = list(open_clocks().filter(kind=ROUND))
    assert {each.subject_id for each in clocks} == {each.id for each in called.values()}
    assert {each.due_at for each in clocks} == {row.round.due_at}
    assert row.round.due_at == dt.datetime(2026, 11, 30, 15, 59, tzinfo=dt.UTC), "the fifth school day"


def test_a_missing_list_climbs_rung_by_rung_until_it_is_signed(world, own_list):
    add_staff(world, "grade", "沈知远", Role.GRADE_HEAD, world.class_b.parent, unit=world.school, mail="g@s.example")
    due = own_list.round.due_at
    note_nothing(own_list, actor=world.actor("teacher"), student_ids=[s.id for s in world.students])
    steps = []
    for late in (-1, 0, 1, 24 * 60, 2 * 24 * 60, 9 * 24 * 60):
        climb_due(due + dt.timedelta(minutes=late))
        own_list.refresh_from_db()
        steps.append(own_list.rung)
    assert steps == [0, 1, 1, 2, 3, 3]
    assert not open_clocks().filter(subject_id=own_list.id).exists(), "everybody has heard once"
    assert own_list.state == ListState.WAITING, "and it stays late on their pages"
    told = list(AuditEvent.objects.filter(event="rounds.list.climbed", place=own_list.place).order_by("id"))
    assert len(told) == 3
    sent = set(messages().filter(about_id=own_list.id).values_list("about_kind", flat=True))
    assert sent == {"round"}
    sign_list(own_list, actor=world.actor("teacher"))
    assert not any(climb.subject_id == own_list.id for climb in climb_due(due + dt.timedelta(days=30)))


def test_a_rung_on_which_there_is_nobody_passes_to_the_next(world, own_list):
    climb_due(own_list.round.due_at)
    event = AuditEvent.objects.get(event="rounds.list.climbed", place=own_list.place)
    assert '"told": 2' in event.facts, "no grade head: both psychology teachers"


def test_a_class_without_a_class_teacher_is_a_hole_at_once(world, monkeypatch):
    Membership.objects.filter(user=world.users["teacher"]).update(end_on=clock.today())
    call_round(world.school, actor=world.actor("psych"), window="disaster", reason=WHY)
    climbed = {climb.place for climb in climb_due(clock.now())}
    assert climbed == {world.class_b.path}


def test_one_that_loses_its_class_teacher_meanwhile_climbs_too(world, own_list):
    assert hasten_holes(clock.now()) == 0, "the control: both have one"
    Membership.objects.filter(user=world.users["teacher"]).update(end_on=clock.today())
    assert hasten_holes(clock.now()) == 1
    assert [climb.place for climb in climb_due(clock.now())] == [own_list.place]
    assert hasten_holes(clock.now()) == 0


def test_a_list_whose_class_is_empty_is_let_go(world, own_list):
    for student in world.students[:2]:
        end_enrolment(student, actor=world.actor("psych"), on=clock.today())
    climb_due(own_list.round.due_at)
    own_list.refresh_from_db()
    assert own_list.state == ListState.DROPPED
    assert not open_clocks().filter(subject_id=own_list.id).exists()


def test_a_bureau_calls_once_and_every_school_below_it_has_its_round(world):
    officer = world.actor("officer")
    call = call_round(world.county, actor=officer, window="epidemic", reason="全县流感停课后返校")
    assert every_round().count() == 0
    assert follow_calls(clock.now()) == 1
    assert follow_calls(clock.now()) == 0
    assert every_round().get().call_id == call.id
    assert withdraw_call(call, actor=officer) == 2
    assert set(every_list().values_list("state", flat=True)) == {ListState.DROPPED}
    assert not open_clocks().filter(kind=ROUND).exists()
    assert isinstance(withdraw_call(call, actor=officer), Unchanged)


def test_a_call_that_was_taken_back_opens_nothing(world):
    officer = world.actor("officer")
    withdraw_call(call_round(world.county, actor=officer, window="epidemic", reason=WHY), actor=officer)
    assert follow_calls(clock.now()) == 0


def test_what_was_signed_stays_when_a_call_is_taken_back(world, own_list):
    teacher = world.actor("teacher")
    note_nothing(own_list, actor=teacher, student_ids=[s.id for s in world.students])
    sign_list(own_list, actor=teacher)
    with pytest.raises(Forbidden):
        withdraw_call(own_list.round.call, actor=world.actor("officer"))
    assert withdraw_call(own_list.round.call, actor=world.actor("psych")) == 1
    own_list.refresh_from_db()
    assert own_list.state == ListState.SIGNED


@pytest.mark.parametrize(
    ("window", "reason", "code"),
    [
        ("spring", WHY, rules.NO_SUCH_WINDOW),
        ("made-up", WHY, rules.NO_SUCH_WINDOW),
        ("disaster", "  ", rules.NO_REASON),
    ],
)
def test_a_faulty_call_is_refused(world, window, reason, code):
    with pytest.raises(CannotNote) as error:
        call_round(world.school, actor=world.actor("psych"), window=window, reason=reason)
    assert error.value.code == code
    assert every_round().count() == 0


@pytest.mark.parametrize("login", ["teacher", "other_psych"])
def test_nobody_else_may_call(world, login):
    with pytest.raises(Forbidden):
        call_round(world.school, actor=world.actor(login), window="disaster", reason=WHY)
    with pytest.raises(Forbidden):
        call_round(world.county, actor=world.actor("psych"), window="disaster", reason=WHY)


def test_the_job_does_both(world, terms):
    with clock.frozen(at("2026-09-08")):
        assert keep_rounds(clock.now()) == 1
