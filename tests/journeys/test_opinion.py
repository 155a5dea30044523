"""What the public says of an incident, and what the school says: collected on the phone, judged, answered and closed; a
message composed, looked at by a second person, printed and given out."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looking import PHONE
from tests.journeys.test_incident import press, stage  # noqa: F401 - a fixture
from tests.journeys.wording import say
from xinqiao.care.incidents.services.opening import open_incident
from xinqiao.care.incidents.tests.conftest import draft, frozen, world  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]
WHERE, SAYS = "本地论坛", "有人发帖说学校没有及时送医"


@pytest.fixture
def made(loop, world):  # noqa: F811 - the fixtures
    """An incident, opened before the browser's loop runs."""
    return open_incident(world.school, actor=world.actor("head"), draft=draft(world))


def test_what_is_said_and_what_the_school_says(made, stage, world):  # noqa: F811 - the fixtures
    head = stage.person(world.users["head"], PHONE)
    head.goto(f"/incidents/{made.id}/")
    something_is_found_and_judged(stage, head)
    it_is_answered_and_closed(stage, world)
    a_message_is_composed(stage, head)
    a_second_person_looks_and_it_is_given_out(stage, world, f"/incidents/{made.id}/")
    assert stage.observer.findings.all() == []


def something_is_found_and_judged(stage, head: Page) -> None:  # noqa: F811 - the fixture
    look = stage.observer.look
    head.locator("#opinion").get_by_role("link", name=say("Note what was found")).click()
    head.locator("[name=where]").fill(WHERE)
    head.locator("[name=says]").fill(SAYS)
    head.locator("[name=link]").fill("第三页")
    press(head, "Save")
    refused = "The link is no whole address of the web. Copy it from the browser; it has no blanks."
    expect(head.locator("main")).to_contain_text(say(refused))
    expect(head.locator("[name=says]")).to_have_value(SAYS)
    look(head, "01-refused")
    head.locator("[name=link]").fill("https://forum.example/1")
    press(head, "Save")
    expect(head.locator("#opinion tbody tr")).to_have_count(1)
    look(head, "02-found")
    head.locator("#opinion tbody").get_by_role("link", name=say("Open")).click()
    head.locator("[name=grave][value=severe]").check()
    head.locator("[name=truth][value=rumour]").check()
    head.locator("[name=words]").first.fill("救护车十分钟内到达，有记录")
    look(head, "03-judge")
    press(head, "Save the judgement")
    expect(head.locator("main")).to_contain_text(say("A rumour"))


def it_is_answered_and_closed(stage, world) -> None:  # noqa: F811 - the fixtures
    look = stage.observer.look
    psych = stage.person(world.users["psych"])
    psych.goto("/incidents/")
    psych.locator("main tbody").get_by_role("link", name=say("Open")).click()
    look(psych, "04-incident-at-a-desk")
    psych.locator("#opinion tbody").get_by_role("link", name=say("Open")).click()
    psych.locator("#id_words").fill("已在十分钟内送医，有记录可查")
    psych.locator("[name=where]").fill("论坛回帖")
    look(psych, "05-answer")
    press(psych, "Save the answer")
    psych.locator("#calm_words").fill("无人再转发")
    press(psych, "Close this item")
    expect(psych.locator("main")).to_contain_text(say("Calmed down and closed"))
    look(psych, "06-closed")


def a_message_is_composed(stage, head: Page) -> None:  # noqa: F811 - the fixture
    look = stage.observer.look
    head.goto(re.sub(r"opinion/.*", "", head.url))
    head.locator("main tbody").get_by_role("link", name=say("Open")).first.click()
    head.locator("#drafts").get_by_role("link", name=say("Compose a message")).click()
    head.locator("[name=audience][value=class_guardians]").check()
    head.locator("[name=does]").fill("学生已送医，有老师陪同")
    look(head, "07-compose")
    press(head, "Compose the draft")
    head.locator("#drafts tbody").get_by_role("link", name=say("Open")).click()
    expect(head.locator("[name=text]")).to_have_value(re.compile("12356"))
    look(head, "08-gaps")
    head.locator("[name=text]").fill("各位家长：据说有人受伤，学校正在核实。求助电话12356。")
    press(head, "Save")
    expect(head.locator("mark")).to_have_text("据说")
    look(head, "09-words")


def a_second_person_looks_and_it_is_given_out(stage, world, where: str) -> None:  # noqa: F811 - the fixtures
    look = stage.observer.look
    psych = stage.person(world.users["psych"])
    psych.goto(where)
    psych.locator("#drafts tbody").get_by_role("link", name=say("Open")).click()
    look(psych, "10-second-person")
    press(psych, "I have looked at it")
    expect(psych.locator("body")).to_contain_text(say("Looked at."))
    psych.locator("main").get_by_role("link", name=say("Print or copy")).click()
    expect(psych.locator("main")).to_contain_text("各位家长")
    look(psych, "11-paper")
    psych.go_back()
    psych.locator("#give_to").fill("七年级家长群")
    press(psych, "It is given out")
    expect(psych.locator("main")).to_contain_text("七年级家长群")
    look(psych, "12-given")
