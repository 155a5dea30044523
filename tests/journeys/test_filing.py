"""A case goes up: the school writes it, the principal checks it, the county confirms it on a phone; one is missing."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.in_process import MARKS, InProcess, out_of_the_loop, staged
from tests.journeys.looking import PHONE
from tests.journeys.wording import say
from xinqiao.care.crisis.tests.conftest import Care
from xinqiao.care.filings.rows import every_filing
from xinqiao.care.filings.tests.conftest import DONE, ORDER, REPLY
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world
from xinqiao.register.policy.tests.local_packs import local_pack, put_in_force

pytestmark = MARKS
PUPIL, SECOND = "欧阳思源", "㛃䶮"
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def world(db, loop, tmp_path, settings) -> World:
    orders = {"value": [{**ORDER, "within": {"minutes": 600}}], "source": ["S1-10b"]}
    with clock.frozen(MONDAY_10):
        built = build_world()
        add_staff(built, "city", "冯雅琴", Role.CITY_OFFICER, built.county.parent)
        put_in_force(tmp_path, settings, local_pack("local-filing", "s1", filings={"orders": orders}))
        care = Care(built)
        care.judged("red")
        care.judged("orange", built.students[1])
    return built


@pytest.fixture
def stage(browser, loop, world, tmp_path, request):
    with staged(browser, loop, request.node.name, tmp_path, MONDAY_10) as shown:
        yield shown


def test_written_checked_sent_confirmed_and_one_is_missing(stage: InProcess, world: World):
    psych, head = stage.person(world.users["psych"]), stage.person(world.users["head"])
    the_school_writes(stage, psych)
    the_principal_gives_it_back_and_checks_it(stage, psych, head)
    psych.reload()
    psych.get_by_role("button", name=say("Send it to the bureau")).click()
    expect(psych.locator("main")).to_contain_text(say("Sent, not confirmed yet"))
    stage.observer.look(psych, "06-sent")
    the_county_confirms_on_a_phone(stage, stage.person(world.users["officer"], device=PHONE))
    psych.reload()
    expect(psych.locator("main")).to_contain_text(REPLY)
    stage.observer.look(psych, "10-the-reply")
    city = stage.person(world.users["city"])
    city.goto("/filings/received/")
    city.locator("main tbody a").first.click()
    expect(city.locator("main")).to_contain_text(DONE)
    expect(city.get_by_role("button", name=say("Confirm"))).to_have_count(0)
    stage.at = MONDAY_10 + A_DAY
    one_is_missing(stage, stage.person(world.users["officer"], device=PHONE))
    with out_of_the_loop():
        assert sorted(every_filing().values_list("state", flat=True)) == ["acknowledged", "writing", "writing"]
    assert stage.observer.findings.all() == []


def the_school_writes(stage: InProcess, tab: Page) -> None:
    tab.goto("/")
    tab.locator("main").get_by_role("link", name="2 份待报送").click()
    stage.observer.look(tab, "01-owed")
    tab.get_by_role("link", name=PUPIL).click()
    tab.get_by_role("link", name=say("Write it")).click()
    tab.locator("[name=words]").fill(f"{PUPIL}已有人陪")
    tab.get_by_role("button", name=say("Look at what goes up")).click()
    expect(tab.locator("[name=words]")).to_have_value(f"{PUPIL}已有人陪")
    stage.observer.look(tab, "02-names-the-pupil")
    tab.locator("[name=words]").fill(DONE)
    tab.locator("[name=contact]").fill("林老师 8000001")
    tab.get_by_role("button", name=say("Look at what goes up")).click()
    expect(tab.locator("main")).to_contain_text(DONE)
    stage.observer.look(tab, "03-written")


def the_principal_gives_it_back_and_checks_it(stage: InProcess, psych: Page, tab: Page) -> None:
    tab.goto("/filings/")
    tab.get_by_role("link", name=PUPIL).click()
    stage.observer.look(tab, "04-to-check")
    tab.locator("[name=words]").fill("请补充家长的态度")
    tab.get_by_role("button", name=say("Give it back")).click()
    expect(tab.locator("main")).to_contain_text(say("To be written"))
    psych.reload()
    expect(psych.locator("main")).to_contain_text("请补充家长的态度")
    stage.observer.look(psych, "05-given-back")
    psych.get_by_role("link", name=say("Write it")).click()
    psych.locator("[name=words]").fill(f"{DONE}；家长同意并配合")
    psych.get_by_role("button", name=say("Look at what goes up")).click()
    tab.reload()
    tab.get_by_role("button", name=say("Checked: this may go up")).click()
    expect(tab.locator("main")).to_contain_text(say("Checked, to be sent"))


def the_county_confirms_on_a_phone(stage: InProcess, tab: Page) -> None:
    tab.goto("/")
    tab.locator("main").get_by_role("link", name="1 份报送待确认").click()
    stage.observer.look(tab, "07-came-in")
    tab.get_by_role("link", name=say("Confirm"), exact=True).click()
    assert PUPIL not in tab.content()
    stage.observer.look(tab, "08-read")
    tab.locator("[name=reply]").fill(REPLY)
    tab.get_by_role("button", name=say("Confirm"), exact=True).click()
    expect(tab.locator("main")).to_contain_text(REPLY)
    tab.get_by_role("button", name="转报：市教育局").click()
    expect(tab.locator("main")).to_contain_text(say("Passed on, without a name"))
    stage.observer.look(tab, "09-confirmed")


def one_is_missing(stage: InProcess, tab: Page) -> None:
    tab.goto("/")
    tab.locator("main").get_by_role("link", name="学校缺报 1 份").click()
    expect(tab.locator("main")).to_contain_text(say("Missing after the deadline"))
    assert SECOND not in tab.content()
    stage.observer.look(tab, "11-missing")
