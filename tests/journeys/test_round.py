"""A class teacher goes through the class on the phone and signs with one worry; the psychology teacher finds the child
in the queue, and the class whose list is late."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.journeys.in_process import MARKS, staged
from tests.journeys.looking import PHONE
from tests.journeys.wording import say
from xinqiao.care.rounds.tests.conftest import called, frozen, world  # noqa: F401 - fixtures
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.people.registering import StudentDraft, register_students

pytestmark = MARKS
WORDS = "说奶奶住院了，这几天总趴在桌上"


@pytest.fixture
def stage(browser, loop, world, called, tmp_path, request):  # noqa: F811 - the fixtures
    drafts = [StudentDraft(f"学生{n}", world.class_b, f"202603{n:02}") for n in range(3, 11)]
    register_students(world.school, drafts, MONDAY_10.date())
    with staged(browser, loop, request.node.name, tmp_path, MONDAY_10) as shown:
        yield shown


def test_a_round_from_the_phone_to_the_queue(stage, world):  # noqa: F811 - the fixture
    look = stage.observer.look
    teacher = stage.person(world.users["teacher"], PHONE)
    teacher.goto("/")
    look(teacher, "01-today")
    teacher.locator("main").get_by_role("link", name=say("Go through")).first.click()
    expect(teacher.locator(".rd-pupil")).to_have_count(10)
    look(teacher, "02-list")
    first = teacher.locator(".rd-pupil").first
    first.get_by_role("button").click()
    expect(first.locator(".rd-found")).to_contain_text(say("Nothing"))
    teacher.locator(".rd-pupil").nth(1).get_by_role("link").click()
    teacher.locator("[name=seen][value=withdrawn]").check()
    teacher.locator("[name=factors][value=family-change]").check()
    teacher.locator("[name=words]").fill(WORDS)
    look(teacher, "03-worry")
    teacher.get_by_role("button", name=say("Save")).click()
    expect(teacher.locator(".rd-found.is-worry")).to_have_count(1)
    teacher.locator(".rd-rest button").click()
    expect(teacher.locator("#sign form")).to_be_visible()
    look(teacher, "04-ready")
    teacher.locator("#sign").get_by_role("button", name=say("Sign")).click()
    expect(teacher.locator("main")).to_contain_text("1 名学生的情况已告知心理教师")
    look(teacher, "05-signed")
    the_psychology_teacher_sees_both(stage, world)
    assert stage.observer.findings.all() == []


def the_psychology_teacher_sees_both(stage, world) -> None:  # noqa: F811 - the fixture
    look = stage.observer.look
    stage.at = MONDAY_10 + dt.timedelta(days=9)
    psych = stage.person(world.users["psych"])
    psych.goto("/rounds/")
    look(psych, "06-rounds")
    psych.locator("main tbody").first.get_by_role("link", name=say("Open")).click()
    expect(psych.locator("main tr.is-orange")).to_have_count(1)
    expect(psych.locator("main tr.is-orange")).to_contain_text("陆清和")
    look(psych, "07-class-by-class")
    psych.goto("/alerts/")
    expect(psych.locator("main")).not_to_contain_text(WORDS)  # a screen that others may see
    look(psych, "08-queue")
    psych.locator("main tbody").first.get_by_role("link", name=say("Open")).click()
    expect(psych.locator("main")).to_contain_text(WORDS)
    psych.goto("/rounds/call/")
    look(psych, "09-call")
    head = stage.person(world.users["head"])
    head.goto("/rounds/counts/")
    expect(head.locator("main")).not_to_contain_text(WORDS)
    look(head, "10-counts")
    teacher = stage.person(world.users["teacher"], PHONE)
    teacher.goto(f"/rounds/classes/{world.class_b.id}/visits/")
    look(teacher, "11-visits")
