"""The small world under a frozen clock, with letters as the intake writes them."""

import datetime as dt

import pytest
from django.conf import settings

from xinqiao.care.mailbox.jobs.tell import tell_new_letters
from xinqiao.care.mailbox.models import LetterWords, PupilLetter, SealedName
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.store import new_key
from xinqiao.register.duty.models import DutyShift
from xinqiao.register.duty.tests.world import MONDAY_10, World, build_world

CANARY = "窗台上的金丝雀一夜没睡"
WHY = "信里写了具体的时间和地点"
TOLD = "我们担心你有危险，所以看了你是谁"


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen) -> World:
    made = build_world()
    DutyShift.objects.create(
        county_id=made.county.id, place=made.school.path, staff_id=made.id_of("psych"), role="psychology",
        start_at=frozen - dt.timedelta(hours=1), end_at=frozen + dt.timedelta(hours=8),
    )  # fmt: skip
    return made


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


def letter_of(world, *, signed=False, urgent=False, told=True, words=CANARY, weeks_ago=0, channel="web"):
    """A letter of the first pupil as the intake would have written it, clocks started unless `told` is off."""
    pupil, at = world.students[0], clock.now() - dt.timedelta(weeks=weeks_ago)
    letter = PupilLetter(
        county_id=pupil.county_id, place=world.school.path, channel=channel, student=pupil if signed else None,
        key_id=pupil.key_id if signed else new_key("unit"), code_index=new_id().bytes, written_at=at, waits_since=at,
        urgent="waiting" if urgent else "", urgent_since=at if urgent else None,
    )  # fmt: skip
    letter.save(force_insert=True)
    common = {"county_id": pupil.county_id, "place": letter.place, "letter": letter}
    LetterWords(key_id=letter.key_id, writer="pupil", words=words, at=at, once=new_id().bytes, **common).save()
    if not signed:
        SealedName(key_id=new_key("unit"), who=pupil.id.hex, **common).save()
    if told:
        tell_new_letters(clock.now())
    return letter


@pytest.fixture
def write_letter(world):
    return lambda **how: letter_of(world, **how)
