"""The small world of cases under a pack that orders red and orange up, and filings in their states."""

import datetime as dt

import pytest
from django.conf import settings as project

from xinqiao.care.crisis.tests.conftest import Care
from xinqiao.care.filings.models import Filing
from xinqiao.care.filings.rows import every_filing
from xinqiao.care.filings.services.receiving import acknowledge_edition
from xinqiao.care.filings.services.writing import Words, check_edition, send_edition, write_edition
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world
from xinqiao.register.policy.tests.local_packs import local_pack, put_in_force

DONE = "已和家长当面谈过，安排专人陪伴，每周辅导一次"
REPLY = "请继续陪伴，县里协调医院绿色通道"
ORDER = {
    "code": "high-risk", "name": {"en": "High-risk pupil", "zh-Hans": "高危学生报告"}, "levels": ["red", "orange"],
    "to": "county", "within": {"school_days": 1},
    "items": ["sex", "age", "grade", "plan", "visits", "family", "referral"], "is_checked": True, "may_lapse": True,
    "visits_every_days": {"red": 7, "orange": 14}, "on_to": ["city"],
}  # fmt: skip


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen) -> World:
    built = build_world()
    add_staff(built, "helper", "方思齐", Role.MENTOR, built.school)
    add_staff(built, "officer2", "谭立群", Role.COUNTY_OFFICER, built.other_school.parent)
    add_staff(built, "city", "冯雅琴", Role.CITY_OFFICER, built.county.parent)
    return built


@pytest.fixture
def ordered(world, tmp_path, settings):
    """Put a pack in force at the first school; called again with changes to the order, it replaces it."""

    def put(*, units=("s1",), **changes):
        orders = {"value": [{**ORDER, **changes}], "source": ["S1-10b"]}
        pack = local_pack("local-filing", units[0], filings={"orders": orders})
        pack["binds"] = {"units": list(units)}
        put_in_force(tmp_path, settings, pack)

    put()
    return put


@pytest.fixture
def care(world, ordered) -> Care:
    return Care(world)


class Desk:
    """What people do with filings in tests."""

    def __init__(self, world: World) -> None:
        self.world = world

    def of(self, case) -> list[Filing]:
        rows = every_filing().filter(case_id=case.pk).order_by("number").select_related("student", "case")
        return list(rows)

    def fresh(self, filing) -> Filing:
        return every_filing().select_related("student", "case").get(pk=filing.pk)

    def write(self, filing, words=DONE, *, by="psych", seen=None):
        filing = self.fresh(filing)
        said = Words(words=words, contact="林老师 8000001")
        seen = filing.version if seen is None else seen
        return write_edition(filing, actor=self.world.actor(by), said=said, seen=seen)

    def check(self, filing, *, by="head"):
        filing = self.fresh(filing)
        return check_edition(filing, actor=self.world.actor(by), seen=filing.version)

    def send(self, filing, *, by="psych"):
        filing = self.fresh(filing)
        return send_edition(filing, actor=self.world.actor(by), seen=filing.version)

    def acknowledge(self, filing, *, by="officer", reply=REPLY):
        filing = self.fresh(filing)
        return acknowledge_edition(filing, actor=self.world.actor(by), seen=filing.version, reply=reply)

    def sent(self, case) -> Filing:
        """The first filing of a case, written, checked and sent."""
        (filing, *_rest) = self.of(case)
        self.write(filing)
        self.check(filing)
        self.send(filing)
        return self.fresh(filing)


@pytest.fixture
def desk(world) -> Desk:
    return Desk(world)


@pytest.fixture
def later(frozen):
    """Freeze the clock some hours on."""

    def at(hours):
        return clock.frozen(frozen + dt.timedelta(hours=hours))

    return at


@pytest.fixture
def sign_in(world, client):
    def as_(login, language="zh-hans"):
        client.logout()
        client.cookies[project.LANGUAGE_COOKIE_NAME] = language
        client.force_login(world.users[login], backend=project.AUTHENTICATION_BACKENDS[0])
        return client

    return as_
