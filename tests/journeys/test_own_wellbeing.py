"""A class teacher asks how she is, is shown where help is, keeps the result, and nobody else finds a trace of it."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.in_process import MARKS, InProcess, staged
from tests.journeys.wording import say
from xinqiao.care.wellbeing.tests.conftest import NOW, SENTENCE, cast  # noqa: F401 - fixture

pytestmark = MARKS


@pytest.fixture
def stage(browser, loop, cast, tmp_path, request):  # noqa: F811 - the fixture
    with staged(browser, loop, request.node.name, tmp_path, NOW) as shown:
        yield shown


def test_one_asks_oneself(stage, cast):  # noqa: F811 - the fixture
    me = stage.person(cast.users["class.songhu"])
    look = stage.observer.look
    me.goto("/")
    me.locator(".xq-side .xq-doors").get_by_role("link", name=say("My own wellbeing"), exact=True).click()
    expect(me.locator("main")).to_contain_text(say("You have kept nothing"))
    look(me, "01-before")
    answer(me, "PHQ-9", [2] * 8 + [1])
    expect(me.locator("main")).to_contain_text(say("Please do not stay alone with this"))
    look(me, "02-a-cry")
    me.locator("[name=new_words]").fill("太短")
    me.locator("[name=again]").fill("太短")
    me.get_by_role("button", name=say("Keep in my notebook")).click()
    expect(me.locator(".xq-field-faults").first).to_be_visible()
    look(me, "03-too-short")
    me.locator("[name=new_words]").fill(SENTENCE)
    me.locator("[name=again]").fill(SENTENCE)
    me.get_by_role("button", name=say("Keep in my notebook")).click()
    expect(me.locator(".xq-message-success")).to_be_visible()
    look(me, "04-kept")
    stage.at = NOW + dt.timedelta(days=20)
    me = stage.person(cast.users["class.songhu"])
    me.goto("/wellbeing/")
    answer(me, "PHQ-9", [1] * 8 + [0], shot=lambda: look(me, "05-questions"))
    me.get_by_role("button", name=say("Keep in my notebook")).click()
    me.get_by_role("link", name=say("Open my notebook")).click()
    look(me, "06-shut")
    me.locator("[name=words]").fill(SENTENCE)
    me.get_by_role("button", name=say("Open"), exact=True).click()
    expect(me.locator("main tbody tr")).to_have_count(2)
    look(me, "07-open")
    the_head_finds_nothing(stage, stage.person(cast.users["head.songhu"]))
    assert stage.observer.findings.all() == []


def answer(tab: Page, title: str, answers: list[int], shot=None) -> None:
    """Choose a scale, answer every question, and ask what it says."""
    tab.locator(".wb-scale", has_text=title).get_by_role("button").click()
    expect(tab.locator("main form fieldset")).to_have_count(len(answers))
    if shot:
        shot()
    for number, code in enumerate(answers, 1):
        tab.locator(f"[name=q{number}][value='{code}']").check()
    tab.get_by_role("button", name=say("What do my answers say?")).click()
    expect(tab.locator("h1")).to_have_text(say("What your answers say"))


def the_head_finds_nothing(stage: InProcess, tab: Page) -> None:
    tab.goto("/wellbeing/notebook/")
    expect(tab.locator("main")).to_contain_text(say("You have kept nothing"))
