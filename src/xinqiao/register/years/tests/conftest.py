"""The junior school of the cast in small, in November; its new school year begins the next September."""

import datetime as dt

import pytest

from xinqiao.doors.demo.cast import read_city
from xinqiao.doors.demo.tree import Built, add_staff, add_students, build_tree
from xinqiao.foundation.access.actors import Actor, system_actor
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Enrolment, Student
from xinqiao.register.years.models import YearTurn
from xinqiao.register.years.rules import class_key, grade_key
from xinqiao.register.years.running import write_turn
from xinqiao.register.years.school import digest_of, layout_of
from xinqiao.register.years.services.turns import accept_turn, begin_turn, change_plan

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
ON = dt.date(2027, 9, 1)
THE_DAY = dt.datetime(2027, 9, 1, 2, 0, tzinfo=dt.UTC)
PASSWORD = "only-in-tests-7Q"
WHY = "test"
CLOCK = system_actor("test")


@pytest.fixture
def cast(db) -> Built:
    with clock.frozen(NOW):
        city = read_city()
        built = build_tree(city, clock.today(), only={"songhu-junior", "songhu-primary"})
        add_staff(built, city, password=PASSWORD)
        add_students(built, city, size=5)
        yield built


@pytest.fixture
def school(cast) -> Unit:
    return cast.units["songhu-junior"]


@pytest.fixture
def actor_of(cast):
    def build(login: str) -> Actor:
        return actor_for(cast.users[login], clock.today())

    return build


@pytest.fixture
def head(actor_of) -> Actor:
    return actor_of("head.songhu")


@pytest.fixture
def turn(school, head) -> YearTurn:
    return begin_turn(school, actor=head, on=ON)


def key_of(school: Unit, grade: int, number: int) -> str:
    """The key of a class by its grade in November 2026: 1 is the seventh."""
    return class_key(grade_key(str(school.id), "junior", 2026 - grade + 1), number)


def plan(turn: YearTurn, actor: Actor, **sections) -> YearTurn:
    for section, values in sections.items():
        change_plan(turn, actor=actor, section=section, values=values)
    turn.refresh_from_db()
    return turn


def accept(turn: YearTurn, actor: Actor) -> YearTurn:
    turn.refresh_from_db()
    return accept_turn(turn, actor=actor, digest=digest_of(turn, layout_of(turn)[1]))


def written(turn: YearTurn, actor: Actor) -> YearTurn:
    """Accept a turn and write it on its day."""
    accepted = accept(turn, actor)
    with clock.frozen(THE_DAY):
        write_turn(accepted, actor=CLOCK)
    accepted.refresh_from_db()
    return accepted


def pupils_of(place: str) -> list[Student]:
    return list(Student.objects.for_system(reason=WHY).filter(place=place).order_by("id"))


def stays(student: Student) -> list[tuple]:
    rows = Enrolment.objects.for_system(reason=WHY).filter(student=student).order_by("start_on", "end_on")
    return [(row.place, row.start_on, row.end_on, row.ended_as) for row in rows]
