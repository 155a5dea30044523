"""An incident with aftercare: a principal opens it on the phone, the class is put on the map, the class teacher looks
after the own pupils, a worry becomes a signal, reports go to the county, and it is closed after its review."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.in_process import MARKS, staged
from tests.journeys.looking import PHONE
from tests.journeys.wording import say
from xinqiao.care.incidents.tests.conftest import frozen, world  # noqa: F401 - fixtures
from xinqiao.register.duty.tests.world import MONDAY_10
from xinqiao.register.people.registering import StudentDraft, register_students

pytestmark = MARKS
WHAT, WHERE = "课间一名学生从看台摔下，已送医", "操场看台"
WORRY = "两天没睡好，总说害怕上体育课"


@pytest.fixture
def stage(browser, loop, world, tmp_path, request):  # noqa: F811 - the fixtures
    names = ("何一鸣", "秦小雨", "吴念真")
    drafts = [StudentDraft(name, world.class_b, f"202603{n:02}") for n, name in enumerate(names, 3)]
    register_students(world.school, drafts, MONDAY_10.date())
    with staged(browser, loop, request.node.name, tmp_path, MONDAY_10) as shown:
        yield shown


def test_an_incident_from_the_phone_to_its_end(stage, world):  # noqa: F811 - the fixture
    head = stage.person(world.users["head"], PHONE)
    the_head_opens_it(stage, head)
    the_class_is_put_on_the_map(stage, head)
    the_class_teacher_looks_after_them(stage, world)
    the_worry_is_a_signal(stage, world)
    the_report_goes_to_the_county(stage, world, head)
    it_is_reviewed_and_closed(stage, world)
    assert stage.observer.findings.all() == []


def press(tab: Page, msgid: str, inside: str = "main") -> None:
    tab.locator(inside).get_by_role("button", name=say(msgid)).first.click()


def the_head_opens_it(stage, head: Page) -> None:
    look = stage.observer.look
    head.goto("/incidents/")
    look(head, "01-none-yet")
    head.locator("main").get_by_role("link", name=say("Open an incident")).first.click()
    head.locator("[name=kind][value=accident]").check()
    head.locator("[name=where]").fill(WHERE)
    head.locator("[name=what]").fill(WHAT)
    look(head, "02-open")
    press(head, "Open it")
    expect(head.locator("main")).to_contain_text(WHERE)
    look(head, "03-plan")
    lines = head.locator(".in-lines").first.locator(".in-line")
    expect(lines).to_have_count(8)
    lines.first.get_by_role("button").click()
    expect(lines.first).to_contain_text(say("It is done"))
    lines.nth(1).get_by_role("link").click()
    head.locator("[name=people]").fill("母亲，电话接通")
    look(head, "04-line")
    press(head, "Note it as done")
    expect(head.locator(".in-lines").first.locator(".in-line").nth(1)).to_contain_text("母亲")


def the_class_is_put_on_the_map(stage, head: Page) -> None:
    look = stage.observer.look
    head.locator("#exposed").get_by_role("link", name=say("Note pupils")).click()
    look(head, "05-classes")
    head.locator(".in-classes a").nth(1).click()
    look(head, "06-pupils")
    head.get_by_role("button", name="登记全班 5 名学生").click()
    expect(head.locator("#exposed tbody tr")).to_have_count(5)
    look(head, "07-map")


def the_class_teacher_looks_after_them(stage, world) -> None:  # noqa: F811 - the fixture
    look = stage.observer.look
    teacher = stage.person(world.users["teacher"], PHONE)
    teacher.goto("/")
    look(teacher, "08-today")
    teacher.locator("main").get_by_role("link", name="5 名学生待关怀").click()
    expect(teacher.locator(".in-line")).to_have_count(5)
    expect(teacher.locator("main")).not_to_contain_text(WHERE)
    look(teacher, "09-my-pupils")
    teacher.locator(".in-line").first.get_by_role("link").click()
    look(teacher, "10-one-pupil")
    teacher.locator("[name=finding][value=worry]").check()
    teacher.locator("[name=seen][value=withdrawn]").check()
    teacher.locator("[name=words]").fill(WORRY)
    press(teacher, "Save")
    for number in range(4):
        press(teacher, "Nothing noticed")
        expect(teacher.locator(".in-line").get_by_role("link")).to_have_count(3 - number)
    look(teacher, "11-done")


def the_worry_is_a_signal(stage, world) -> None:  # noqa: F811 - the fixture
    psych = stage.person(world.users["psych"])
    psych.goto("/alerts/")
    expect(psych.locator("main")).not_to_contain_text(WORRY)  # a screen that others may see
    psych.locator("main tbody").first.get_by_role("link", name=say("Open")).click()
    expect(psych.locator("main")).to_contain_text(WORRY)
    stage.observer.look(psych, "12-signal")


def the_report_goes_to_the_county(stage, world, head: Page) -> None:  # noqa: F811 - the fixture
    look = stage.observer.look
    head.reload()
    head.locator("#reports").get_by_role("link", name=say("First report")).click()
    expect(head.locator("[name=text]")).to_have_value(re.compile(WHERE))
    look(head, "13-report")
    press(head, "Save")
    press(head, "It is sent")
    expect(head.locator("main")).to_contain_text(say("Sent"))
    look(head, "14-sent")
    officer = stage.person(world.users["officer"])
    officer.goto("/incidents/counts/")
    expect(officer.locator("main")).not_to_contain_text(WHAT)
    look(officer, "15-counts")
    officer.locator("main").get_by_role("link", name=say("First report")).click()
    press(officer, "We have received it")
    expect(officer.locator("main")).to_contain_text(say("Received by the bureau"))
    look(officer, "16-received")
    stage.at = MONDAY_10 + dt.timedelta(days=2)
    officer = stage.person(world.users["officer"])
    officer.goto("/incidents/counts/")
    expect(officer.locator("main tr.is-red")).to_have_count(1)
    look(officer, "17-gap")


def it_is_reviewed_and_closed(stage, world) -> None:  # noqa: F811 - the fixture
    look = stage.observer.look
    head = stage.person(world.users["head"], PHONE)
    head.goto("/incidents/")
    look(head, "18-list")
    head.locator("main tbody").get_by_role("link", name=say("Open")).click()
    where = head.url
    look(head, "19-late")
    head.locator("#asked").get_by_role("link", name=say("Ask a department")).click()
    head.locator("[name=department][value=police]").check()
    head.locator("[name=words]").fill("协助查看看台护栏")
    look(head, "20-ask")
    press(head, "Save")
    head.locator("#review").get_by_role("link", name=say("Note the review")).click()
    head.locator("[name=people]").fill("领导小组")
    head.locator("#id_words").fill("看台护栏偏低，课间无人值守")
    press(head, "Note it as done")
    head.locator("#review").get_by_role("link", name=say("An action of the review")).click()
    head.locator("[name=words]").fill("加高护栏")
    look(head, "21-action")
    press(head, "Save")
    expect(head).to_have_url(re.compile("#review"))
    waive_what_is_left(head, where)
    head.goto(where)
    head.locator("main").get_by_role("link", name=say("Close the incident")).click()
    head.locator("[name=words]").fill("学生已返校，情绪平稳")
    look(head, "22-close")
    press(head, "Close the incident")
    expect(head.locator("main")).to_contain_text("学生已返校")
    look(head, "23-closed")
    psych = stage.person(world.users["psych"])
    psych.goto(where)
    look(psych, "25-closed-at-a-desk")
    psych.goto("/incidents/drills/")
    look(psych, "24-drills")


def waive_what_is_left(head: Page, where: str) -> None:
    """Give every line and every report that waits a reason."""
    head.goto(where)
    for link in [each.get_attribute("href") for each in head.locator(".in-acts a").all()]:
        head.goto(f"http://localhost{link}waive/")
        head.locator("[name=words]").fill("本次不涉及")
        press(head, "Save")
        expect(head).to_have_url(re.compile("#line-"))
    head.goto(where)
    for link in [each.get_attribute("href") for each in head.locator("#reports tbody a").all()][1:]:
        head.goto(f"http://localhost{link}waive/")
        head.locator("[name=words]").fill("首报中已说明")
        press(head, "Save")
        expect(head).to_have_url(re.compile("#reports"))
