"""What the demo city leaves in the middle: a year plan, a staff list, a round, referrals, who waits, and filings."""

import datetime as dt

from xinqiao.care.centre.rows import every_booking
from xinqiao.care.centre.selectors.waiting import waiting_rows
from xinqiao.care.counselling.rows import every_group
from xinqiao.care.counselling.selectors.courses import course_for, courses_for, goals_of
from xinqiao.care.crisis.models import Leave, Partner, Referral
from xinqiao.care.crisis.services.opening import open_case
from xinqiao.care.filings.models import Filing
from xinqiao.care.incidents.rows import (
    every_draft,
    every_drill,
    every_exposure,
    every_incident,
    every_line,
    every_opinion,
    every_phone_call,
    every_report,
)
from xinqiao.care.rounds.models import RoundList
from xinqiao.care.rounds.pupils import looked_at
from xinqiao.doors.demo.cases import add_care
from xinqiao.doors.demo.cast import read_city
from xinqiao.doors.demo.centre import add_centre
from xinqiao.doors.demo.counselling import add_counselling
from xinqiao.doors.demo.incidents import add_incidents
from xinqiao.doors.demo.referrals import add_referrals
from xinqiao.doors.demo.rounds import add_round
from xinqiao.doors.demo.staff_list import add_staff_list
from xinqiao.doors.demo.tree import add_staff, add_students, build_tree
from xinqiao.doors.demo.year import add_year_plan
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.staffing.models import StaffLine
from xinqiao.register.years.models import YearTurn
from xinqiao.register.years.school import layout_of


def test_a_plan_and_a_list_wait_for_whoever_tries_it_out(db):
    city = read_city()
    built = build_tree(city, clock.today(), only={"songhu-junior"})
    add_staff(built, city, password="only-in-tests-7Q")
    add_students(built, city, size=2)
    add_year_plan(built)
    add_staff_list(built)
    turn = YearTurn.objects.for_system(reason="test").get()
    layout = layout_of(turn)[1]
    assert layout.faults == ()
    assert layout.opened
    matches = StaffLine.objects.for_system(reason="test").values_list("match", flat=True)
    assert sorted(matches) == ["doubt", "new", "new", "new", "refused"]


def test_referrals_are_on_their_way_and_a_pupil_is_on_leave(db):
    city = read_city()
    built = build_tree(city, clock.today(), only={"songhu-senior"})
    add_staff(built, city, password="only-in-tests-7Q")
    add_students(built, city, size=3)
    add_referrals(built, city)
    assert Partner.objects.for_system(reason="test").count() == 2
    states = Referral.objects.for_system(reason="test").values_list("state", flat=True)
    assert sorted(states) == ["sent", "visit_dated"]
    assert Leave.objects.for_system(reason="test").get().state == "on_leave"


def test_a_round_runs_with_one_list_signed_one_begun_and_two_without_a_class_teacher(db):
    city = read_city()
    built = build_tree(city, clock.today(), only={"songhu-junior"})
    add_staff(built, city, password="only-in-tests-7Q")
    add_students(built, city, size=14)
    add_round(built, city)
    rows = list(RoundList.objects.for_system(reason="a test looks at all rows").select_related("round"))
    assert sorted(row.state for row in rows) == ["signed", "waiting", "waiting", "waiting"]
    assert sorted(looked_at(rows).values()) == [0, 0, 12, 14]
    assert {row.round.window for row in rows} == {city.round.window}


def test_pupils_are_counselled_under_an_agreement_and_no_group_is_set_up_yet(db):
    city = read_city()
    built = build_tree(city, clock.today(), only={"songhu-junior"})
    add_staff(built, city, password="only-in-tests-7Q")
    add_students(built, city, size=2)
    add_counselling(built, city)
    actor = actor_for(built.users[city.counselling.psych], clock.today())
    rows = courses_for(actor)["own"]
    assert len(rows) == len(city.counselling.goals)
    courses = [course_for(actor, row.id) for row in rows]
    assert {goal.words for course in courses for goal in goals_of(course)} == set(city.counselling.goals)
    assert not every_group().exists()


def test_pupils_have_hours_at_the_centre_and_two_wait_for_one(db):
    with clock.frozen(dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)):
        city = read_city()
        built = build_tree(city, clock.today(), only={"songhu-junior"})
        add_staff(built, city, password="only-in-tests-7Q")
        add_students(built, city, size=6)
        add_centre(built, city)
        keeper = actor_for(built.users[city.centre.keeper], clock.today())
        rows = waiting_rows(keeper, clock.now())
    assert sorted(row.state for row in every_booking()) == ["came", "missed", "open", "open"]
    assert len(rows) == 2
    assert all(row.free is not None and row.due_at is not None for row in rows)


def test_an_incident_runs_one_is_closed_with_its_review_and_a_drill_was_held(db):
    city = read_city()
    built = build_tree(city, clock.today(), only={"songhu-junior"})
    add_staff(built, city, password="only-in-tests-7Q")
    add_students(built, city, size=14)
    add_incidents(built, city)
    running, closed = every_incident().get(state="open"), every_incident().get(state="closed")
    assert every_exposure().filter(incident=running).count() == 14
    assert sorted(every_exposure().filter(incident=running).values_list("state", flat=True)).count("worry") == 1
    assert every_report().get(incident=running, form="first").state == "received"
    assert not every_line().filter(incident=closed, state="waiting").exists()
    assert every_line().get(incident=closed, kind="action").state == "done"
    assert every_drill().count() == 1
    said = {(item.incident_id, item.state) for item in every_opinion()}
    assert said == {(running.id, "judged"), (running.id, "found"), (closed.id, "closed")}
    messages = [(draft.incident_id, draft.state) for draft in every_draft()]
    assert sorted(state for _incident, state in messages) == ["given", "given", "written"]
    assert (running.id, "written") in messages
    assert every_phone_call().filter(back_state="waiting").count() == 2
    assert every_phone_call().filter(student__isnull=False).count() == 1


def test_of_what_is_filed_some_is_confirmed_some_is_due_and_some_is_late(db, settings):
    settings.XINQIAO_DEMO = True
    city = read_city()
    built = build_tree(city, clock.today(), only={"songhu-junior"})
    add_staff(built, city, password="only-in-tests-7Q")
    add_students(built, city, size=1)
    psych = actor_for(built.users["psych.songhu"], clock.today())
    for n, student in enumerate(built.students["songhu-junior"][:3]):
        with clock.frozen(clock.now() - dt.timedelta(days=50, minutes=-n)):
            open_case(student, actor=psych, urgency="orange", why="近两周情绪低落，愿意求助")
    add_care(built, city)
    rows = list(Filing.objects.for_system(reason="a test looks at all rows"))
    now = clock.now()
    assert any(row.state == "acknowledged" for row in rows)
    assert any(row.sent_at is None and row.due_at > now for row in rows)
    late = [row for row in rows if row.sent_at is None and row.due_at < now]
    assert late
    assert all(now - row.due_at < dt.timedelta(days=14) for row in late)
