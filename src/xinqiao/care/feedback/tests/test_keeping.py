"""What keeps feedback asks a number of queries that does not grow, and finds what it has to among much that waits."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinqiao.care.feedback.jobs import keeping
from xinqiao.care.feedback.jobs.keeping import keep_owed
from xinqiao.care.feedback.models import Feedback, TeacherWord
from xinqiao.care.feedback.services.trying import TryDraft, record_try
from xinqiao.care.feedback.tests.conftest import SAID, rows
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import add_staff
from xinqiao.register.people.registering import StudentDraft, register_students

pytestmark = pytest.mark.django_db
FEW, MANY = 5, 50


def flagged(house, count, first=0):
    """Flag so many pupils of a class; their words run, what is owed to guardians is given."""
    world = house.world
    drafts = [StudentDraft(f"多{n:03d}", world.class_b, f"2026{n:05d}") for n in range(first, first + count)]
    for child in register_students(world.school, drafts, clock.today()):
        house.settle(house.signal(child))
        draft = TryDraft(tried_at=clock.now(), way="phone", outcome="reached", words=SAID)
        record_try(house.owed(student=child), actor=house.psych, draft=draft)


def asks_as_much_of_many(house):
    asked = []
    for first, count in ((0, FEW), (FEW, MANY - FEW)):
        flagged(house, count, first)
        assert rows(Feedback).filter(state="released").count() == first + count
        with CaptureQueriesContext(connection) as seen:
            assert keep_owed(clock.now()) == 0
        asked.append(len(seen.captured_queries))
    assert asked[0] == asked[1]


def test_with_nothing_to_do_fifty_that_run_cost_as_many_queries_as_five(house):
    asks_as_much_of_many(house)


def test_control_if_each_that_runs_were_looked_at_by_itself_the_same_check_would_fail(house, monkeypatch):
    def one_by_one(page, on):
        return [row for row in page if not set(keeping.class_teachers_of(row.student, on))]

    monkeypatch.setattr(keeping, "_page_to_follow", one_by_one)
    with pytest.raises(AssertionError):
        asks_as_much_of_many(house)


def reaches_every_page(house):
    flagged(house, FEW)
    add_staff(house.world, "fresh", "新班主任", Role.CLASS_TEACHER, house.world.class_b, unit=house.world.school)
    assert keep_owed(clock.now()) == FEW
    assert rows(TeacherWord).filter(staff_id=house.world.id_of("fresh")).count() == FEW
    assert keep_owed(clock.now()) == 0


def test_a_new_class_teacher_gets_the_words_of_every_page(house, monkeypatch):
    monkeypatch.setattr(keeping, "PAGE", 2)
    reaches_every_page(house)


def test_control_if_only_the_first_page_were_read_the_same_check_would_fail(house, monkeypatch):
    monkeypatch.setattr(keeping, "PAGE", FEW - 1)
    monkeypatch.setattr(keeping, "len", lambda _page: 0, raising=False)  # every page looks like the last
    with pytest.raises(AssertionError):
        reaches_every_page(house)


def test_words_that_were_all_opened_meanwhile_are_not_given_to_anybody_new(house):
    flagged(house, 1)
    (row,) = keeping.every_feedback().filter(to="teachers").select_related("student")
    add_staff(house.world, "fresh", "新班主任", Role.CLASS_TEACHER, house.world.class_b, unit=house.world.school)
    keeping.every_feedback().filter(pk=row.pk).update(
        state="given", through="words", done_at=clock.now() - dt.timedelta(minutes=1)
    )
    assert keeping._follow_class(row, clock.now()) == 0
    assert not rows(TeacherWord).filter(staff_id=house.world.id_of("fresh")).exists()
