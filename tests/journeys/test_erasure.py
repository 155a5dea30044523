"""A guardian asks that what is held of a child is deleted: taken in, proposed, approved by another, carried out a week
later; the file says so, and what was written is gone."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.in_process import MARKS, InProcess, out_of_the_loop, staged
from tests.journeys.looking import PHONE
from tests.journeys.wording import say, say_like
from xinqiao.care.archives.jobs.erasing import carry_out_erasures
from xinqiao.care.archives.services.plans import FamilyWords, PlanWords, write_family, write_plans
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World, build_world

pytestmark = MARKS
PUPIL, AIM, TOLD = "欧阳思源", "每周主动举手一次", "跟着外婆长大，去年转学来"
WISH = "孩子已经好了，请删除以前的心理记录。"
WEEK = dt.timedelta(days=7)


@pytest.fixture
def world(db, loop) -> World:
    with clock.frozen(MONDAY_10):
        built = build_world()
        student, look_on = built.students[0], clock.today() + dt.timedelta(days=60)
        plan = PlanWords("爱画画", AIM, "班主任周五聊五分钟", look_on)
        write_plans(built.class_b, actor=built.actor("teacher"), student_ids=[student.id], said=plan)
        write_family(student, actor=built.actor("psych"), said=FamilyWords("guardian", "父母在外务工", TOLD, "搬过家"))
    return built


@pytest.fixture
def stage(browser, loop, world, tmp_path, request):
    with staged(browser, loop, request.node.name, tmp_path, MONDAY_10) as shown:
        yield shown


def press(tab: Page, msgid: str) -> None:
    tab.locator("main").get_by_role("button", name=say(msgid), exact=True).first.click()


def test_a_guardian_asks_that_all_is_deleted(stage: InProcess, world: World):
    psych = stage.person(world.users["psych"])
    file = f"/files/pupils/{world.students[0].id}/"
    request = the_wish_is_taken_in_and_proposed(stage, psych, file)
    the_head_approves_on_the_phone(stage, world, request)
    a_day_before_it_can_still_be_called_back(stage, world, request)
    stage.at += WEEK
    with out_of_the_loop(), clock.frozen(stage.at):
        assert carry_out_erasures(stage.at) == 1
    psych = stage.person(world.users["psych"])
    psych.goto(file)
    expect(psych.locator("main")).to_contain_text(PUPIL)
    expect(psych.locator("main")).not_to_contain_text(AIM)
    expect(psych.locator("main")).not_to_contain_text(TOLD)
    stage.observer.look(psych, "05-file")
    psych.goto(request)
    expect(psych.locator("main")).to_contain_text(say("Done as asked"))
    expect(psych.locator("main")).to_contain_text(WISH)
    stage.observer.look(psych, "06-answered")
    teacher = stage.person(world.users["teacher"])
    teacher.goto(file)
    expect(teacher.locator("main")).not_to_contain_text(AIM)
    assert stage.observer.findings.all() == []


def the_wish_is_taken_in_and_proposed(stage: InProcess, tab: Page, file: str) -> str:
    tab.goto(file)
    expect(tab.locator("main")).to_contain_text(TOLD)
    tab.get_by_role("link", name=say("Take in a request")).click()
    tab.locator("[name=kind]").select_option("delete")
    tab.locator("[name=way]").select_option("letter")
    tab.locator("[name=words]").fill(WISH)
    press(tab, "Take it in")
    tab.locator("main tr", has_text=PUPIL).get_by_role("link").first.click()
    expect(tab.locator("main")).to_contain_text(say("What is erased"))
    stage.observer.look(tab, "01-what-goes")
    press(tab, "Propose the erasure")
    expect(tab.locator("main")).to_contain_text(say_like("proposed by %(who)s, %(at)s"))
    expect(tab.get_by_role("button", name=say("Approve the erasure"))).to_have_count(0)  # not one's own
    stage.observer.look(tab, "02-proposed")
    return tab.url.removeprefix("http://localhost")


def the_head_approves_on_the_phone(stage: InProcess, world: World, request: str) -> None:
    head = stage.person(world.users["head"], PHONE)
    head.goto(request)
    stage.observer.look(head, "03-to-approve")
    press(head, "Approve the erasure")
    expect(head.get_by_role("button", name=say("Call it back"))).to_have_count(1)
    stage.observer.look(head, "04-approved")


def a_day_before_it_can_still_be_called_back(stage: InProcess, world: World, request: str) -> None:
    early = stage.at + WEEK - dt.timedelta(days=1)
    with out_of_the_loop(), clock.frozen(early):
        assert carry_out_erasures(early) == 0
    psych = stage.person(world.users["psych"])
    psych.goto(request)
    expect(psych.get_by_role("button", name=say("Call it back"))).to_have_count(1)
