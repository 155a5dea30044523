"""Two schools under a frozen clock, terms around it, and a round that was called for at the first."""

import datetime as dt

import pytest
from django.conf import settings

from xinqiao.care.rounds.models import Round, RoundLine, RoundList
from xinqiao.care.rounds.services.calls import call_round
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World, build_world
from xinqiao.register.orgs.models import SchoolYear, Term

WHY = "台风过后，各班逐一了解学生情况"


def every_list():
    return RoundList.objects.for_system(reason="a test looks at all rows")


def every_line():
    return RoundLine.objects.for_system(reason="a test looks at all rows")


def every_round():
    return Round.objects.for_system(reason="a test looks at all rows")


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen) -> World:
    return build_world()


@pytest.fixture
def terms(world):
    """The school year of the first county: two terms."""
    year = SchoolYear.objects.create(
        unit=world.county, starts_in=2026, start_on=dt.date(2026, 9, 1), end_on=dt.date(2027, 7, 5)
    )
    spans = ((dt.date(2026, 9, 1), dt.date(2027, 1, 24)), (dt.date(2027, 2, 22), dt.date(2027, 7, 5)))
    for number, (start, end) in enumerate(spans, 1):
        Term.objects.create(year=year, number=number, start_on=start, end_on=end)
    return spans


@pytest.fixture
def called(world):
    """A round that the psychology teacher called for; return the lists by the class's place."""
    call_round(world.school, actor=world.actor("psych"), window="disaster", reason=WHY)
    return {row.place: row for row in every_list().select_related("round")}


@pytest.fixture
def own_list(world, called):
    """The list of the class whose teacher is `teacher`."""
    return called[world.class_b.path]


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.logout()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_
