"""The small world under a frozen clock, with a committee member, reports and worries as the intake writes them."""

import json

import pytest
from django.conf import settings

from xinqiao.care.voices import rules
from xinqiao.care.voices.models import ClassmateWorry, ClassReport
from xinqiao.care.voices.services.committee import appoint_member
from xinqiao.care.voices.states import WorryState
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.duty.tests.world import MONDAY_10, World, build_world

CANARY = "窗边的金丝雀整夜没睡"


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen) -> World:
    return build_world()


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


@pytest.fixture
def seat(world):
    """The first pupil (class 3) on the committee, appointed by the class teacher."""
    return appoint_member(world.students[0], actor=world.actor("teacher"))


@pytest.fixture
def write_report(world, seat):
    def write(*, weeks_ago=0, told=True):
        pupil, at = seat.student, clock.now()
        week_on = rules.monday_of(clock.today() - clock.dt.timedelta(days=7 * weeks_ago))
        receipt = new_id().hex[-12:]
        return ClassReport.objects.create(
            county_id=pupil.county_id, place=seat.place, student=pupil, class_id=seat.class_id, key_id=pupil.key_id,
            week_on=week_on, answers=json.dumps({"mood": "low", "quarrels": "some", "load": "heavy"}), key=receipt,
            digest=b"x", receipt=receipt, reported_at=at, told_at=at if told else None,
        )  # fmt: skip

    return write


@pytest.fixture
def write_worry(world, seat, write_report):
    def write(*, kinds=("low",), about="坐窗边的她", urgency="yellow"):
        pupil = seat.student
        return ClassmateWorry.objects.create(
            county_id=pupil.county_id, place=seat.place, report=write_report(), student=pupil, key_id=pupil.key_id,
            about=about, said=json.dumps([kinds, CANARY], ensure_ascii=False), urgency=urgency, state=WorryState.OPEN,
            raised_at=clock.now(),
        )  # fmt: skip

    return write
