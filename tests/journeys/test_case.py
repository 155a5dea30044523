"""A case in a browser: opened, judged by two, planned with a helper, followed up, led down; another one closed."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.installation import Installation
from tests.journeys.looking import PC, Observer
from tests.journeys.preparing import here_now
from tests.journeys.staff import open_door, sign_in, sign_out
from tests.journeys.wording import say

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

PSYCHOLOGIST, HELPER = "psych.primary", "head.primary"
WHY = "外婆去世后两周，孩子上课走神，常一个人哭。"
REASONS = "情绪低落，有消极想法，没有计划，愿意求助；家长配合。"
CALM = "当面谈了二十分钟，没有再出现消极想法，能说出一件高兴的事。"
FOR_HELPER = "每天课间打个招呼，周五一起走一段路。"


def in_days(days: int) -> str:
    return (here_now().date() + dt.timedelta(days=days)).isoformat()


def open_a_case(tab: Page, pupil: int, urgency: str) -> str:
    """Open one from the page of a pupil of the roster; return the pupil's name."""
    open_door(tab, say("Students"))
    tab.locator("main th[scope=row] > a:first-child").nth(pupil).click()
    name = tab.locator("h1").inner_text()
    tab.locator("main").get_by_role("link", name=say("Case"), exact=True).click()
    tab.get_by_label(say(urgency), exact=True).check()
    tab.locator("[name=reasons]").fill(WHY)
    tab.get_by_role("button", name=say("Open the case")).click()
    expect(tab.locator(".xq-message")).to_contain_text(say("The case is open."))
    return name


def judge(tab: Page, level: str, *, others: bool) -> None:
    tab.get_by_role("link", name=say("Write down a case conference")).first.click()
    if others:
        for box in tab.locator("[name=present]").all():
            box.check()
    tab.get_by_label(say("What the family says"), exact=True).check()
    tab.get_by_label(say(level), exact=True).check()
    tab.locator("[name=reasons]").fill(REASONS)
    tab.locator("[name=advice]").fill("不要当众点名批评，多打个招呼。")
    tab.locator("[name=review_on]").fill(in_days(14))
    tab.get_by_role("button", name=say("Write it down")).click()


def test_from_the_first_conference_to_the_way_down(observer: Observer, installation: Installation):
    tab = observer.person(PC)
    sign_in(tab, installation.logins[PSYCHOLOGIST])
    open_door(tab, say("Cases"))
    observer.look(tab, "01-nobody-in-care")
    name = open_a_case(tab, 0, "Orange")
    observer.look(tab, "02-opened")
    judge(tab, "Orange level", others=False)
    expect(tab.locator("main")).to_contain_text(say(
        "Red and orange, and the way down from them, are not one person's word. Sit together with somebody else."
    ))  # fmt: skip
    observer.look(tab, "03-one-is-not-enough")
    for box in tab.locator("[name=present]").all():
        box.check()
    tab.get_by_role("button", name=say("Write it down")).click()
    expect(tab.locator(".xq-message")).to_contain_text(say("The case conference is written down."))
    tab.get_by_role("link", name=say("Write the plan")).first.click()
    tab.locator("[name=goals]").fill("每天睡够九小时，难受时知道找谁。")
    tab.locator("[name=what_1]").fill("每周一次当面谈话")
    tab.locator("[name=helper]").select_option(index=1)
    tab.locator("[name=for_helper]").fill(FOR_HELPER)
    observer.look(tab, "04-plan")
    tab.get_by_role("button", name=say("Put into force")).click()
    tab.get_by_role("link", name=say("Write down a follow-up")).first.click()
    tab.locator("[name=words]").fill(CALM)
    tab.get_by_label(say("No sign of danger now"), exact=True).check()
    observer.look(tab, "05-follow-up")
    tab.get_by_role("button", name=say("Write it down")).click()
    judge(tab, "Yellow level", others=True)
    observer.look(tab, "06-the-whole-story")
    for words in (WHY, REASONS, CALM, FOR_HELPER):
        expect(tab.locator("main")).to_contain_text(words)
    for paper in ("Print the minutes", "Print the plan"):
        with tab.expect_download() as download:
            tab.get_by_role("link", name=say(paper)).click()
        assert download.value.path().read_bytes().startswith(b"%PDF")
    tab.get_by_role("link", name=say("Other reasons to close it")).click()
    observer.look(tab, "07-what-stands-against-an-end")
    tab.get_by_label(say("Care is no longer needed"), exact=True).check()
    tab.locator("[name=words]").fill("大家都觉得好多了。")
    tab.get_by_role("button", name=say("Close the case")).click()
    expect(tab.locator("main")).to_contain_text("观察期")
    sign_out(tab)
    sign_in(tab, installation.logins[HELPER])
    open_door(tab, say("Warning ledger"))
    expect(tab.locator("main")).to_contain_text(name)
    expect(tab.locator("main")).not_to_contain_text(REASONS)
    observer.look(tab, "08-the-heads-ledger")
    open_door(tab, say("Whom I help"))
    expect(tab.locator("main")).to_contain_text(FOR_HELPER)
    expect(tab.locator("main")).not_to_contain_text(REASONS)
    observer.look(tab, "09-whom-i-help")
    assert observer.findings.all() == []


def test_a_case_that_nobody_needs_any_more_is_closed_with_a_reason(observer: Observer, installation: Installation):
    tab = observer.person(PC)
    sign_in(tab, installation.logins[PSYCHOLOGIST])
    name = open_a_case(tab, 1, "Yellow")
    judge(tab, "Yellow level", others=False)
    tab.locator("main").get_by_role("link", name=say("Close the case")).first.click()
    tab.get_by_label(say("Care is no longer needed"), exact=True).check()
    tab.locator("[name=words]").fill("两周来平稳，家长与孩子都同意结束。")
    tab.get_by_role("button", name=say("Close the case")).click()
    expect(tab.locator(".xq-message")).to_contain_text(say("The case is closed."))
    observer.look(tab, "01-closed")
    open_door(tab, say("Warning ledger"))
    expect(tab.locator("main")).to_contain_text(name)
    observer.look(tab, "02-ledger")
    assert observer.findings.all() == []
