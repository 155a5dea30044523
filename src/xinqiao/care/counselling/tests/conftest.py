"""The small world under a frozen clock, and people who have chosen their sentences and sit in a group."""

import pytest
from django.conf import settings

from xinqiao.care.counselling.models import Group, Member
from xinqiao.care.counselling.opening import unlock_own_key
from xinqiao.care.counselling.rows import every_group, every_member, own_key_of
from xinqiao.care.counselling.services.groups import admit_member, join_group
from xinqiao.care.counselling.services.sentences import choose_sentence
from xinqiao.foundation.access.actors import any_place
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world

WORDS = "银杏黄了，我还在这里等你"


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch):
    monkeypatch.setattr("xinqiao.foundation.keys.boxes.ROUNDS", 2**4)


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


class Sealed:
    """People, their sentences and their group."""

    def __init__(self, world: World) -> None:
        self.world = world

    def words(self, login: str) -> str:
        return f"{WORDS} {login}"

    def choose(self, *logins: str) -> None:
        for login in logins:
            actor, known = self.world.actor(login), own_key_of(self.world.id_of(login))
            place = any_place(actor.places(Permission.COUNSEL_KEY))
            choose_sentence(place, actor=actor, words=self.words(login), replaces=known.id if known else None)

    def private(self, login: str):
        """Type the sentence: the opened own key."""
        return unlock_own_key(self.world.actor(login), self.words(login))[1]

    def member(self, login: str) -> Member:
        rows = every_member().select_related("group")
        return rows.get(staff_id=self.world.id_of(login), ended_at__isnull=True)

    def group(self) -> Group:
        return every_group().get(school_id=self.world.school.id)

    def found(self) -> Group:
        """psych founds the group and admits psych2."""
        self.choose("psych", "psych2")
        for login in ("psych", "psych2"):
            join_group(self.world.school, actor=self.world.actor(login))
        admit_member(self.member("psych2"), actor=self.world.actor("psych"), private=self.private("psych"))
        return self.group()


@pytest.fixture
def world(db, frozen) -> World:
    built = build_world()
    add_staff(built, "security", "钟守正", Role.SECURITY_OFFICER, built.county)
    return built


@pytest.fixture
def sealed(world) -> Sealed:
    return Sealed(world)


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_
