"""A class teacher reports a pupil on her phone; the psychology teacher talks to the child; the teacher learns level and
advice, and that somebody looked (S1-07f, S2a-3.3j)."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.caring import ADVICE, NOTE
from tests.journeys.in_process import MARKS, staged
from tests.journeys.looking import PHONE
from tests.journeys.wording import say
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world

pytestmark = MARKS
NAME, NUMBER = "欧阳思源", "20260301"


@pytest.fixture
def school(db) -> World:
    with clock.frozen(MONDAY_10):
        world = build_world()
        add_staff(world, "subject", "钱语桐", Role.SUBJECT_TEACHER, world.school)
        yield world


@pytest.fixture
def stage(browser, loop, school, tmp_path, request):
    with staged(browser, loop, request.node.name, tmp_path, MONDAY_10) as shown:
        yield shown


def test_a_worry_is_taken_down_looked_after_and_thanked_for(stage, school):
    look = stage.observer.look
    teacher = stage.person(school.users["teacher"], PHONE)
    report(teacher, NAME, ["反复说“没意思”“没有我更好”", "突然沉默，不和人来往"], "这周午饭都没去吃", look)
    look(teacher, "03-receipt")
    psych = stage.person(school.users["psych"])
    psych.goto("/alerts/")
    row = psych.locator("main tr", has_text=NAME)
    expect(row).to_contain_text("突然沉默，不和人来往")
    look(psych, "04-queue")
    row.get_by_role("link", name=say("Open")).click()
    expect(psych.locator("main")).to_contain_text("这周午饭都没去吃")
    expect(psych.locator("main")).not_to_contain_text(say("Settle without a talk"))
    look(psych, "05-signal")
    talk(psych)
    look(psych, "06-after")
    teacher.goto("/alerts/worries/")
    expect(teacher.locator("main")).to_contain_text(say("It was looked at. Thank you."))
    look(teacher, "07-my-reports")
    teacher.goto("/alerts/attention/")
    expect(teacher.locator("main")).to_contain_text(ADVICE)
    expect(teacher.locator("main")).not_to_contain_text(NOTE)
    look(teacher, "08-attention")
    assert stage.observer.findings.all() == []


def test_a_colleague_names_a_pupil_by_number_and_learns_nothing(stage, school):
    tab, look = stage.person(school.users["subject"], PHONE), stage.observer.look
    report(tab, "没有这人", ["突然沉默，不和人来往"], "", lambda *_: None)
    expect(tab.locator(".xq-faults")).to_be_visible()
    look(tab, "09-not-found")
    tab.locator("[name=pupil]").fill(NUMBER)
    tab.get_by_role("button", name=say("Report it")).click()
    expect(tab.locator("h1")).to_have_text(say("Taken down"))
    expect(tab.locator("main")).to_contain_text(NUMBER)
    expect(tab.locator("main")).not_to_contain_text(NAME)
    look(tab, "10-receipt-by-number")
    psych = stage.person(school.users["psych"])
    for path, name in (("", "11-hand-over"), ("incident/", "12-incident"), ("bullying/", "13-bullying")):
        psych.goto(f"/alerts/hand-over/{path}")
        look(psych, name)
    psych.goto("/alerts/")
    psych.locator("main tr", has_text=NAME).get_by_role("link", name=say("Open")).click()
    expect(psych.locator("main")).to_contain_text(say("Settle without a talk"))
    look(psych, "14-settle-without-a-talk")
    psych.goto("/")
    look(psych, "15-today")
    assert stage.observer.findings.all() == []


def report(tab: Page, pupil: str, ticks: list[str], words: str, look) -> None:
    """From the page of today to the receipt."""
    tab.goto("/")
    look(tab, "01-today")
    tab.locator("main").get_by_role("link", name=say("I am worried about …")).click()
    tab.locator("[name=pupil]").fill(pupil)
    for words_of_tick in ticks:
        tab.get_by_label(words_of_tick, exact=True).check()
    if words:
        tab.locator("[name=words]").fill(words)
    look(tab, "02-form")
    tab.get_by_role("button", name=say("Report it")).click()
    expect(tab.locator("h1, .xq-faults").first).to_be_visible()


def talk(tab: Page) -> None:
    """Write down a talk held face to face, and set the level orange."""
    tab.get_by_role("link", name=say("Record the talk")).click()
    tab.get_by_label(say("Face to face"), exact=True).check()
    tab.get_by_label(say("Yes, asked directly"), exact=True).check()
    tab.get_by_label(say("Some: thoughts, no plan"), exact=True).check()
    tab.locator("[name=note]").fill(NOTE)
    tab.get_by_label(say("Needs continued care"), exact=True).check()
    tab.locator("[name=level]").select_option(label=say("Orange level"))
    tab.locator("[name=advice]").fill(ADVICE)
    tab.locator("[name=review_on]").fill((MONDAY_10.date() + dt.timedelta(days=7)).isoformat())
    tab.get_by_role("button", name=say("Save"), exact=True).click()
    expect(tab.locator(".xq-message")).to_contain_text(say("The talk is recorded."))
