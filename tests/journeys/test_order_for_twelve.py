"""An officer launches for twelve schools: two of them confirm and launch, one cannot, the silent are reminded."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.in_process import MARKS, InProcess, out_of_the_loop, staged
from tests.journeys.wording import say, say_like
from xinqiao.care.screening.models import Campaign
from xinqiao.care.screening.tests.bureau import ANSWER_BY, FIRST, LAST, Bureau, build_bureau
from xinqiao.care.screening.tests.conftest import frozen, school  # noqa: F401 - fixtures
from xinqiao.foundation.notifications.models import OutboxMessage
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.orgs.models import Unit

pytestmark = MARKS

NAME, COUNT = "全县初中秋季心理测评", 12
REASON = "期中考试与运动会都在这两周"


@pytest.fixture
def bureau(school) -> Bureau:  # noqa: F811 - the fixture
    Unit.objects.filter(pk=school.unit.pk).update(is_closed=True)  # twelve, and no thirteenth
    found = build_bureau(school, COUNT)
    found.guard(1)
    found.guard(2)
    return found


@pytest.fixture
def stage(browser, loop, bureau, tmp_path, request):
    with staged(browser, loop, request.node.name, tmp_path, MONDAY_10) as shown:
        yield shown


def test_an_officer_launches_for_twelve_schools(stage, bureau):
    users = bureau.school.world.users
    officer = stage.person(users["officer"])
    the_officer_orders(stage, officer)
    for number in (1, 2):
        a_school_confirms_and_launches(stage, stage.person(users[f"psych.{number}"]), number)
    a_school_cannot(stage, stage.person(users["psych.3"]))
    the_officer_reads_where_each_school_stands(stage, officer)
    stage.at = MONDAY_10 + dt.timedelta(days=(ANSWER_BY - MONDAY_10.date()).days + 3)
    the_officer_reminds_the_silent(stage, stage.person(users["officer"]))  # the first sign-in has run out by now
    the_reminded_see_it(stage, stage.person(users["psych.4"]))
    assert stage.observer.findings.all() == []


def the_officer_orders(stage: InProcess, tab: Page) -> None:
    tab.goto("/")
    expect(tab.locator("h1")).to_have_text(say("Today"))
    tab.locator(".xq-side .xq-doors").get_by_role("link", name=say("Screening orders"), exact=True).click()
    stage.observer.look(tab, "01-no-orders")
    tab.get_by_role("link", name=say("Order a screening")).first.click()
    expect(tab.locator("tbody tr")).to_have_count(COUNT)
    stage.observer.look(tab, "02-new-order")
    tab.locator("[name=name]").fill(NAME)
    tab.locator("[name=stages][value=junior]").check()
    tab.locator("[name=scales][value='phq-9']").check()
    for name, day in (("answer_by", ANSWER_BY), ("earliest_on", FIRST), ("latest_on", LAST)):
        tab.locator(f"[name={name}]").fill(day.isoformat())
    tab.get_by_role("button", name=say("Order it")).click()
    expect(tab.locator("h1")).to_contain_text(NAME)
    expect(tab.locator(".xq-message-success")).to_have_text(say_like("Ordered from {count} school."))
    expect(tab.locator("tbody tr")).to_have_count(COUNT)
    with out_of_the_loop():
        assert Campaign.objects.for_system(reason="a test counts").filter(state="draft").count() == COUNT


def a_school_confirms_and_launches(stage: InProcess, tab: Page, number: int) -> None:
    tab.goto("/")
    row = tab.locator("main tr").filter(has_text=NAME).first
    expect(row).to_contain_text("县1")
    stage.observer.look(tab, f"03-today-{number}")
    row.get_by_role("link", name=say("Reply")).click()
    stage.observer.look(tab, f"04-plan-{number}")
    tab.get_by_role("button", name=say("Confirm these days")).click()
    expect(tab.locator(".xq-message-success")).to_contain_text("已确认")
    tab.wait_for_load_state("load")  # the question below belongs to a script
    tab.get_by_text(say("Launch"), exact=True).click()
    tab.get_by_role("button", name=say("Launch it")).click()
    expect(tab.locator(".xq-message-success")).to_have_text(say_like("Launched: {count} pupil can answer."))


def a_school_cannot(stage: InProcess, tab: Page) -> None:
    tab.goto("/")
    tab.locator("main tr").filter(has_text=NAME).first.get_by_role("link", name=say("Reply")).click()
    expect(tab.get_by_role("button", name=say("Confirm these days"))).to_have_count(0)  # nobody is on duty there
    stage.observer.look(tab, "05-plan-without-duty")
    tab.get_by_role("link", name=say("We cannot hold it")).click()
    tab.locator("[name=obstacle]").select_option("dates")
    tab.locator("[name=remark]").fill(REASON)
    stage.observer.look(tab, "06-cannot")
    tab.get_by_role("button", name=say("Tell the bureau")).click()
    expect(tab.locator(".xq-message-success")).to_have_text(say("The bureau was told why."))


def the_officer_reads_where_each_school_stands(stage: InProcess, tab: Page) -> None:
    tab.reload()
    rows = tab.locator("tbody tr")
    expect(rows.filter(has_text=say("Running"))).to_have_count(2)
    expect(rows.filter(has_text=REASON)).to_have_count(1)
    expect(rows.filter(has_text=say("Not looked at"))).to_have_count(9)
    stage.observer.look(tab, "07-order")
    assert "乡童" not in tab.content()


def the_officer_reminds_the_silent(stage: InProcess, tab: Page) -> None:
    before = _messages()
    tab.goto("/")
    tab.locator("main tr").filter(has_text=NAME).get_by_role("link", name=say("Open"), exact=True).click()
    expect(tab.locator("tbody tr.is-yellow")).to_have_count(9)
    tab.wait_for_load_state("load")
    tab.get_by_text(say("Remind the late ones"), exact=True).click()
    stage.observer.look(tab, "08-remind")
    tab.get_by_role("button", name=say("Remind them"), exact=True).click()
    expect(tab.locator(".xq-message-success")).to_contain_text("9")
    stage.observer.look(tab, "09-reminded")
    assert _messages() == before + 9
    tab.goto("/")
    expect(tab.locator("h1")).to_have_text(say("Today"))
    stage.observer.look(tab, "10-officer-today")


def the_reminded_see_it(stage: InProcess, tab: Page) -> None:
    tab.goto("/")
    expect(tab.locator("main tr").filter(has_text=NAME).first).to_contain_text(say("reminded"))
    stage.observer.look(tab, "11-reminded-today")


def _messages() -> int:
    with out_of_the_loop():
        return OutboxMessage.objects.for_system(reason="a test counts").filter(about_kind="order").count()
