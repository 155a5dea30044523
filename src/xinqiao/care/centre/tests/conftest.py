"""Two schools under a frozen clock, a term around it, two rooms, and a weekly pattern of two counsellors."""

import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings

from xinqiao.care.centre.services.rooms import OpeningDraft, RoomDraft, add_opening, add_room
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World, build_world
from xinqiao.register.orgs.models import CalendarDay, SchoolYear, Term

WEDNESDAY_OFF = dt.date(2026, 11, 25)  # the school says so itself
TERM_END = dt.date(2026, 12, 5)


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


def with_term(world) -> World:
    """A term of two weeks ahead, with one day on which the school is closed."""
    year = SchoolYear.objects.create(
        unit=world.county, starts_in=2026, start_on=dt.date(2026, 9, 1), end_on=dt.date(2027, 7, 5)
    )
    Term.objects.create(year=year, number=1, start_on=dt.date(2026, 9, 1), end_on=TERM_END)
    CalendarDay.objects.create(unit=world.school, day=WEDNESDAY_OFF, is_school_day=False, reason="运动会")
    return world


def with_rooms(world):
    """A room for one and one for many; return them."""
    head = world.actor("head")
    one = RoomDraft("个体辅导室", "individual", Decimal("12"), "沙发两张", world.id_of("psych"))
    many = RoomDraft("团体活动室", "group", Decimal("18"))
    return [add_room(world.school, actor=head, draft=draft) for draft in (one, many)]


def with_pattern(world, rooms):
    """Monday to Friday 13:00 to 15:00 the one, Tuesday 14:00 to 18:00 in the other room the other."""
    head = world.actor("head")
    for weekday in range(1, 6):
        draft = OpeningDraft(rooms[0].id, weekday, dt.time(13), dt.time(15), "lessons", world.id_of("psych"))
        add_opening(world.school, actor=head, draft=draft)
    late = OpeningDraft(rooms[1].id, 2, dt.time(14), dt.time(18), "after_school", world.id_of("psych2"))
    add_opening(world.school, actor=head, draft=late)


@pytest.fixture
def world(db, frozen) -> World:
    return with_term(build_world())


@pytest.fixture
def rooms(world):
    return with_rooms(world)


@pytest.fixture
def pattern(world, rooms):
    with_pattern(world, rooms)
    return rooms


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.logout()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_
