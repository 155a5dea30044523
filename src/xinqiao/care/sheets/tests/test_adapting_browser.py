"""The pupil's page where a scale is asked by adapting: what is asked, in which order, and what is handed in."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from xinqiao.care.sheets.tests.fake_intake import running_intake
from xinqiao.care.sheets.tests.sample_paper import sample_paper
from xinqiao.care.sheets.tests.test_pupil_page_browser import (
    PC,
    PHONE,
    UNGUARDED,
    begin,
    drafts,
    tab,
    wait_until,
    zh,
)
from xinqiao.engines.adaptive import table_of
from xinqiao.engines.tests.adaptive_samples import RULE, design, path_of

pytestmark = pytest.mark.browser

__all__ = ["tab"]  # the fixture
MADE = design("phq-9", replace(RULE, fewest=5))
PRECISE = design("phq-9", replace(RULE, precision=0.4))
RAISED = dict.fromkeys(range(1, 9), 2) | {9: 0}
CALM = dict.fromkeys(range(1, 10), 0)


def order_of(sheet):
    return list(path_of(MADE, sheet))


def paper_of(made):
    paper = sample_paper()
    paper["scales"][0]["asking"] = {**table_of(made), "language": "zh-hans", "usual": 5.4}
    return paper


@pytest.fixture
def intake():
    """Two parts: nine questions asked by adapting (the ninth is critical), seven asked whole."""
    with running_intake(paper_of(MADE)) as running:
        yield running


@pytest.fixture
def precise_intake():
    """The same where the estimate must be precise too."""
    with running_intake(paper_of(PRECISE)) as running:
        yield running


def tap_answer(tab: Page, number: int, code: int) -> None:
    expect(tab.locator(f".question[data-index='{number - 1}']")).to_be_visible()
    tab.locator(".option").nth(code).tap()


def hand_in_rest(tab: Page) -> None:
    """The part that is asked whole, without answers, and then the end."""
    for index in (9, 10, 11, 12, 13, 15):  # one is asked only after a yes
        expect(tab.locator(f".question[data-index='{index}']")).to_be_visible()
        tab.locator(".foot button").nth(1).tap()
    tab.locator("button", has_text=zh("hand_in_anyway")).tap()
    expect(tab.locator(".receipt-code")).to_be_visible()


def due(sheet):
    asked = order_of(sheet)
    return [sheet[n] if n in asked else None for n in range(1, 10)]


def test_on_a_phone_the_questions_come_in_the_engines_order_and_end_when_it_is_enough(tab, intake):
    phone = tab(PHONE)
    begin(phone, intake)
    order = order_of(CALM)
    assert (order != sorted(order), 9 in order, len(order) < 9) == (True, True, True)
    for number in order:
        tap_answer(phone, number, 0)
    expect(phone.locator(".part h1")).to_be_visible()
    phone.click(".part .main-button")
    expect(phone.locator(".progress-text")).to_have_text(f"第 {len(order) + 1} 题，共 {len(order) + 6} 题")
    assert len(drafts(phone)) == 1


def test_where_the_estimate_must_be_precise_the_page_asks_on_after_the_decision(tab, precise_intake):
    phone = tab(PHONE)
    begin(phone, precise_intake)
    order = list(path_of(PRECISE, RAISED))
    assert order[: len(order_of(RAISED))] == order_of(RAISED)
    assert 9 > len(order) > len(order_of(RAISED))
    for number in order:
        tap_answer(phone, number, RAISED[number])
    expect(phone.locator(".part h1")).to_be_visible()
    phone.click(".part .main-button")
    hand_in_rest(phone)
    (told,) = precise_intake.posted("/s/submit")
    assert told["answers"]["often-9"] == [RAISED[n] if n in order else None for n in range(1, 10)]
    assert told["adapted"] == ["often-9"]


def test_a_critical_answer_is_told_at_the_tick_and_progress_promises_no_more_than_it_knows(tab, intake):
    phone = tab(PHONE)
    begin(phone, intake)
    order = order_of(CALM | {9: 2})
    for number in order[: order.index(9)]:
        expect(phone.locator(".progress-text")).to_have_text(re.compile("大约还有 \\d+ 题"))
        tap_answer(phone, number, 0)
    tap_answer(phone, 9, 2)
    expect(phone.locator(".care-card")).to_contain_text(zh("care_title"))
    wait_until(phone, lambda: len(intake.posted("/s/critical")) == 1)
    (told,) = intake.posted("/s/critical")
    assert (told["scale"], told["item"], told["answer"]) == ("often-9", 9, 2)


@UNGUARDED
def test_whoever_changes_an_answer_is_asked_what_that_answer_calls_for(tab, intake, is_guarded):
    if not is_guarded:
        intake.weakened["sheet.js"] = [("this.isShown(entry) ? this.answers[entry.index] : null",
                                        "this.answers[entry.index]")]  # fmt: skip
    phone = tab(PHONE)
    begin(phone, intake)
    for number in order_of(CALM):
        tap_answer(phone, number, 0)
    phone.click(".part .main-button")
    phone.reload()  # and what was answered is still there
    phone.click(".intro .main-button")
    phone.click(".part .main-button")
    for number in reversed(order_of(CALM)):
        phone.locator(".foot button").nth(0).tap()
        if number == order_of(CALM)[0]:
            phone.click(".part .main-button")  # after a reload the part begins with its words again
        expect(phone.locator(f".question[data-index='{number - 1}'] input:checked")).to_have_value("0")
    changed = dict.fromkeys(range(1, 9), 3) | {9: 0}
    for number in order_of(changed):
        tap_answer(phone, number, changed[number])
    expect(phone.locator(".question[data-index='9']")).to_be_visible()
    hand_in_rest(phone)
    (sheet,) = intake.posted("/s/submit")
    assert (sheet["answers"]["often-9"] == due(changed)) is is_guarded
    assert sheet["adapted"] == ["often-9"]


def visible_order(tab: Page) -> list[int]:
    """The questions of the first part that are seen, from above."""
    found = tab.locator(".scale").nth(0).locator(".question:not([hidden])")
    return [int(found.nth(at).get_attribute("data-index") or "-1") + 1 for at in range(found.count())]


def test_on_a_pc_the_list_grows_in_the_engines_order_and_a_question_may_be_passed_over(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    first = order_of(CALM)[0]
    assert visible_order(pc) == [first]
    pc.locator(".pass-over button").click()
    path = list(path_of(MADE, CALM, passed_over={first}))
    for at, number in enumerate(path[1:], start=1):
        expect(pc.locator(f".question[data-index='{number - 1}']")).to_be_visible()
        assert visible_order(pc) == path[: at + 1]
        pc.locator(f".question[data-index='{number - 1}'] label").nth(0).click()
    expect(pc.locator(".pass-over")).to_be_hidden()
    expect(pc.locator(".rail-count")).to_have_text(f"已答 {len(path) - 1} / {len(path) + 6}")
    pc.locator(".list-end .main-button").click()
    expect(pc.locator("h1")).to_have_text("还有 7 题没有答")
    pc.locator("button", has_text=zh("hand_in_anyway")).click()
    expect(pc.locator(".receipt-code")).to_be_visible()
    (sheet,) = intake.posted("/s/submit")
    assert sheet["answers"]["often-9"] == [0 if n in path and n != first else None for n in range(1, 10)]


def test_a_sheet_that_is_refused_is_asked_whole_and_nothing_is_lost(tab, intake):
    intake.bent["/s/submit"] = [(422, {"code": "not_as_asked"})]
    pc = tab(PC)
    begin(pc, intake)
    for number in order_of(CALM):
        pc.locator(f".question[data-index='{number - 1}'] label").nth(0).click()
    pc.locator(".list-end .main-button").click()
    pc.locator("button", has_text=zh("hand_in_anyway")).click()
    expect(pc.locator(".notice")).to_contain_text(zh("asked_whole"))
    pc.locator("button", has_text=zh("go_back")).click()
    expect(pc.locator(".question:not([hidden])")).to_have_count(15)
    expect(pc.locator("input:checked")).to_have_count(len(order_of(CALM)))
    pc.locator(".list-end .main-button").click()
    pc.locator("button", has_text=zh("hand_in_anyway")).click()
    expect(pc.locator(".receipt-code")).to_be_visible()
    _refused, sheet = intake.posted("/s/submit")
    assert "adapted" not in sheet


def test_in_another_language_the_scale_is_asked_whole(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    pc.click("#language")
    expect(pc.locator("h1")).to_have_text("Autumn check-in")
    pc.locator(f".question[data-index='{order_of(CALM)[0] - 1}'] label").nth(0).click()
    expect(pc.locator(".question:not([hidden])")).to_have_count(15)
    expect(pc.locator(".rail-count")).to_have_text("1 / 15 answered")
