"""Feedback and a meeting in a browser: owed by itself, tried, opened by the class teacher, looked at, minuted."""

import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.installation import Installation
from tests.journeys.looking import PC, PHONE, Observer
from tests.journeys.staff import open_door, sign_in, sign_out
from tests.journeys.test_case import in_days, judge
from tests.journeys.wording import say

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

PSYCHOLOGIST, TEACHER = "psych.primary", "class.primary"
WHY = "搬家后两周，孩子常说不想来学校，课间一个人坐着。"
TOLD = "电话里和母亲谈了学校的安排，她愿意配合，周五来校。"
WORDS = "课上多鼓励，不当众点名批评；情绪明显变化请当天告诉心理教师。"
LOOKED_AT = "班主任说近来能跟上，家长也来过，继续按计划每周谈一次。"
TASK = "每周五课间当面聊十分钟，把状态告诉心理教师。"
BEYOND = "期中后各班普遍紧张，统一安排一次主题班会。"
OWED_WITHIN_S = 180  # the job looks every minute


def row_of(tab: Page, name: str) -> Locator:
    """Wait until the pupil stands on the list of feedback owed; the job brings it there within a minute."""
    until = time.monotonic() + OWED_WITHIN_S
    row = tab.locator("main tbody tr").filter(has_text=name)
    while not row.count() and time.monotonic() < until:
        tab.wait_for_timeout(2_000)
        tab.reload()
    expect(row).to_be_visible()
    return row


def open_case_of(tab: Page, address: str) -> str:
    tab.goto(address)
    name = tab.locator("h1").inner_text()
    tab.locator("main").get_by_role("link", name=say("Case"), exact=True).click()
    tab.get_by_label(say("Orange"), exact=True).check()
    tab.locator("[name=reasons]").fill(WHY)
    tab.get_by_role("button", name=say("Open the case")).click()
    judge(tab, "Orange level", others=True)
    return name


def test_two_feedbacks_are_owed_and_a_meeting_looks_at_the_pupil(observer: Observer, installation: Installation):
    tab = observer.person(PC)
    sign_in(tab, installation.logins[TEACHER])
    open_door(tab, say("Students"))
    address = tab.locator("main th[scope=row] > a:first-child").nth(3).get_attribute("href")
    assert address is not None
    sign_out(tab)
    sign_in(tab, installation.logins[PSYCHOLOGIST])
    name = open_case_of(tab, address)
    open_door(tab, say("Feedback owed"))
    row_of(tab, name)
    observer.look(tab, "01-owed")
    row_of(tab, name).locator("td a").nth(1).click()
    tab.get_by_label(say("By telephone"), exact=True).check()
    tab.locator("[name=guardian]").last.check()
    tab.get_by_label(say("Heard it"), exact=True).check()
    tab.locator("[name=words]").fill("短")
    tab.get_by_role("button", name=say("Write it down")).click()
    expect(tab.locator("main")).to_contain_text(say("Say in a sentence what happened; ten characters at least."))
    observer.look(tab, "02-too-short")
    tab.locator("[name=words]").fill(TOLD)
    tab.get_by_role("button", name=say("Write it down")).click()
    expect(tab.locator("main")).to_contain_text(say("Feedback given"))
    observer.look(tab, "03-the-guardian-heard")
    open_door(tab, say("Feedback owed"))
    row_of(tab, name).locator("td a").first.click()
    tab.locator("[name=words]").fill(WORDS)
    tab.get_by_role("button", name=say("Release the words")).click()
    expect(tab.locator(".xq-message")).to_contain_text(say("The words are out. You see here who has opened them."))
    observer.look(tab, "04-words-are-out")
    _hold_meeting(tab, observer, name)
    sign_out(tab)
    _teacher_opens(observer, installation, name)
    assert observer.findings.all() == []


def _hold_meeting(tab: Page, observer: Observer, name: str) -> None:
    open_door(tab, say("Analysis meetings"))
    observer.look(tab, "05-meetings")
    tab.locator("main .btn-primary").first.click()
    tab.get_by_role("button", name=say("Open the meeting now")).click()
    expect(tab.locator("main")).to_contain_text(name)
    observer.look(tab, "06-agenda")
    while tab.locator("main td.acts .btn-primary").count():
        tab.locator("main td.acts .btn-primary").first.click()
        tab.locator("[name=words]").fill(LOOKED_AT)
        tab.get_by_role("button", name=say("Write it down")).click()
        expect(tab.locator(".xq-message")).to_contain_text(say("Noted."))
    decided = tab.locator("form[action$='/decide/']")
    decided.locator("[name=words]").fill(TASK)
    decided.locator("[name=owner]").select_option(index=1)
    decided.locator("[name=due_on]").fill(in_days(7))
    decided.get_by_role("button").click()
    expect(tab.locator("main")).to_contain_text(TASK)
    closing = tab.locator("form[action$='/close/']")
    for box in closing.locator("[name=present]").all():
        box.check()
    closing.locator("[name=words]").fill(BEYOND)
    closing.get_by_role("button").click()
    expect(tab.locator(".xq-message")).to_contain_text(say("The minutes stand. The next meeting is dated."))
    observer.look(tab, "07-minutes")
    with tab.expect_download() as download:
        tab.get_by_role("link", name=say("Print"), exact=True).click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    for number, label in enumerate(("All warnings", "Four mechanisms")):
        tab.goto(f"/feedback/{('ledger', 'mechanisms')[number]}/")
        expect(tab.locator("h1")).to_be_visible()
        observer.look(tab, f"{8 + number:02}-{label.split()[-1]}")


def _teacher_opens(observer: Observer, installation: Installation, name: str) -> None:
    phone = observer.person(PHONE)
    sign_in(phone, installation.logins[TEACHER])
    phone.goto("/feedback/words/")
    expect(phone.locator("main")).to_contain_text(name)
    expect(phone.locator("main")).not_to_contain_text(WORDS)
    observer.look(phone, "10-words-for-me")
    phone.locator("main tr").filter(has_text=name).get_by_role("link", name=say("Open")).click()
    expect(phone.locator("main")).to_contain_text(WORDS)
    expect(phone.locator("main")).not_to_contain_text(TOLD)
    observer.look(phone, "11-opened")
    desk = observer.person(PC)
    sign_in(desk, installation.logins[PSYCHOLOGIST])
    desk.goto("/feedback/?show=all")
    expect(desk.locator("main tr").filter(has_text=name)).to_contain_text(say("Feedback given"))
