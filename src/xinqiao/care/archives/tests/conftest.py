"""The small world under a frozen clock, with a case, and people who sign in."""

import datetime as dt

import pytest
from django.conf import settings as project

from xinqiao.care.archives.services.plans import FamilyWords, PlanWords, write_family, write_plans
from xinqiao.care.archives.services.requests import Asked, record_request
from xinqiao.care.crisis.tests.conftest import Care
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world

STRENGTHS, AIM, HELPS = "爱画画，待人真诚", "每周主动举手一次", "班主任周五聊五分钟"
UPBRINGING = "跟着外婆长大，去年转学来"
WISH = "想知道学校都记了些什么"


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen) -> World:
    built = build_world()
    add_staff(built, "helper", "方思齐", Role.MENTOR, built.school)
    add_staff(built, "grade", "程雁", Role.GRADE_HEAD, built.class_b.parent, unit=built.school)
    return built


@pytest.fixture
def care(world) -> Care:
    return Care(world)


class House:
    """What people do with files in tests."""

    def __init__(self, world: World) -> None:
        self.world = world

    def words(self, **changes) -> PlanWords:
        fields = {"strengths": STRENGTHS, "aim": AIM, "helps": HELPS, "look_on": clock.today() + dt.timedelta(days=60)}
        return PlanWords(**{**fields, **changes})

    def plan(self, *students, by="teacher", **changes):
        ids = [each.id for each in students]
        unit = self.world.class_b
        return write_plans(unit, actor=self.world.actor(by), student_ids=ids, said=self.words(**changes))

    def family(self, student, told_by="pupil"):
        said = FamilyWords(told_by, "父母在外务工", UPBRINGING, "搬过三次家")
        return write_family(student, actor=self.world.actor("psych"), said=said)

    def ask(self, student, kind="see", by="psych"):
        asked = Asked(kind, "guardian", "person", clock.today(), WISH)
        return record_request(student, actor=self.world.actor(by), asked=asked)


@pytest.fixture
def house(world) -> House:
    return House(world)


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.logout()
        client.cookies[project.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=project.AUTHENTICATION_BACKENDS[0])
        return client

    return as_
