"""A psychology teacher writes the school's own form, mends what the assistant finds, and a pupil answers it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import preparing, pupils, registering
from tests.journeys.installation import Installation
from tests.journeys.looking import PC, PHONE, Observer
from tests.journeys.staff import open_door, sign_in
from tests.journeys.wording import say

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

# A school of its own among the journeys, and a grade that no screening of the demo city asks.
PSYCHOLOGIST, GRADE, CLASS = "psych.senior", "高二", "高二(1)班"
TITLE, CODE, CAMPAIGN = "住校作息小问卷", "boarding-rest", "高二作息小调查"
SOUND = {
    "wording_licence": "本校心理教师自编，仅供本校使用", "licence_zh": "由本校心理教师编写。",
    "licence_source": "school",
    "sources": "school | 自定 | 由本校心理教师讨论确定", "grades_from": "10", "grades_to": "12",
    "offered_source": "school",
    "instruction_zh": "请想想最近两周，照实选就好。", "period_zh": "最近两周",
    "options": "0 | 从不\n1 | 有时\n2 | 经常", "items_source": "school", "missing_source": "school",
    "items": "躺下后很久才睡着。\n半夜会醒来。\n早上醒来觉得精神好。\n上课时忍不住打瞌睡。", "reversed": "3",
    "parts-0-id": "total", "parts-0-title_zh": "总分", "parts-0-items": "1-4", "parts-0-source": "school",
    "parts-0-bands": "0 | low | 休息得不错\n4 | some | 有些欠觉\n6 | high | 明显欠觉", "parts-0-bands_source": "school",
    "flags": "high | total >= 6 | school | 需要进一步了解",
}  # fmt: skip
EXAMPLES = (
    ("都没有", "0, 0, 2, 0", "0 + 0 + (2 − 2) + 0 = 0", "total=0", "total=low", "", ""),
    ("都有", "2, 2, 0, 2", "2 + 2 + (2 − 0) + 2 = 8", "total=8", "total=high", "high", ""),
    ("缺一题", "1, , 1, 0", "第 2 题缺答，不计分", "", "", "", "missing_answer:2"),
)
# What is wrong at first: a question in no score, a gap below the bands, a reversal beyond the last question.
WRONG = {"parts-0-items": "1-3", "parts-0-bands": "2 | some | 有些欠觉\n6 | high | 明显欠觉", "reversed": "9"}


def test_a_school_makes_and_uses_its_own_form(observer: Observer, installation: Installation):
    tab = observer.person(PC)
    sign_in(tab, installation.logins[PSYCHOLOGIST])
    the_form_is_begun(observer, tab)
    the_assistant_finds_what_is_wrong(observer, tab)
    it_is_mended_and_published(observer, tab)
    pupil, code, class_code = a_screening_is_launched_with_it(observer, tab)
    a_pupil_answers(observer, class_code, pupil, code)
    the_result_is_read(observer, tab)
    assert observer.findings.all() == []


def the_form_is_begun(observer: Observer, tab: Page) -> None:
    open_door(tab, say("Scales"))
    tab.get_by_role("link", name=say("Own forms")).first.click()
    observer.look(tab, "01-own-forms")
    tab.locator("[name=begin-title]").fill(TITLE)
    tab.locator("[name=begin-code]").fill(CODE)
    tab.get_by_role("button", name=say("Begin"), exact=True).click()
    expect(tab.locator("h1")).to_contain_text(TITLE)


def the_assistant_finds_what_is_wrong(observer: Observer, tab: Page) -> None:
    for name, text in {**SOUND, **WRONG}.items():
        tab.locator(f"[name='{name}']").fill(text)
    tab.locator("#id_version").dispatch_event("change")  # asks without storing, as every change does
    for anchor in ("id_reversed", "id_parts-0-items", "id_parts-0-bands", "id_examples-0-name"):
        expect(tab.locator(f"#assistant a[href='#{anchor}']").first).to_be_visible()
    expect(tab.locator("#assistant li")).to_have_count(4)
    observer.look(tab, "03-wrong")
    tab.locator("#assistant a[href='#id_parts-0-items']").first.click()
    expect(tab.locator("#id_parts-0-items")).to_be_in_viewport()


def it_is_mended_and_published(observer: Observer, tab: Page) -> None:
    for name in WRONG:
        tab.locator(f"[name='{name}']").fill(SOUND[name])
    for number, example in enumerate(EXAMPLES[:2]):
        write_example(tab, number, example)
    save(tab, "2")
    write_example(tab, 2, EXAMPLES[2])
    save(tab, "3")
    expect(tab.locator("#assistant")).to_contain_text(say("Nothing is left to mend"))
    tab.get_by_role("link", name=say("To the draft")).click()
    expect(tab.locator("main")).to_contain_text(say("Go on by a file"))
    observer.look(tab, "05-draft")
    tab.get_by_text(say("Publish"), exact=True).first.click()
    tab.get_by_role("dialog").get_by_role("button", name=say("Publish"), exact=True).click()
    expect(tab.locator(".xq-message-success")).to_be_visible()
    observer.look(tab, "06-published")


def save(tab: Page, revision: str) -> None:
    """Save, and wait for the page that shows what was saved."""
    tab.get_by_role("button", name=say("Save the draft")).click()
    expect(tab.locator("[name=revision]")).to_have_value(revision)


def write_example(tab: Page, number: int, example: tuple[str, ...]) -> None:
    fields = ("name", "answers", "arithmetic", "scores", "bands", "flags", "error")
    for field, text in zip(fields, example, strict=True):
        tab.locator(f"[name=examples-{number}-{field}]").fill(text)


def a_screening_is_launched_with_it(observer: Observer, tab: Page) -> tuple[str, str, str]:
    registering.publish_consent_form(tab)
    open_door(tab, say("Consent"))
    tab.get_by_role("link", name=CLASS).first.click()
    expect(tab.locator("h1")).to_contain_text(CLASS)
    name = tab.locator("tbody tr").first.locator("th").inner_text().split("\n")[0].strip()
    registering.record_consent(tab, CLASS, (name,))
    preparing.plan_screening(tab, CAMPAIGN, (GRADE,), (TITLE,))
    observer.look(tab, "07-plan")
    assert preparing.launch(tab) == 1
    preparing.open_class(tab, CAMPAIGN, CLASS)
    tab.get_by_role("link", name=say("Seat list with codes")).click()
    class_code, codes = preparing.read_seat_list(tab)
    ((number, code),) = codes.items()
    return number, code, class_code


def a_pupil_answers(observer: Observer, class_code: str, number: str, code: str) -> None:
    phone = observer.person(PHONE)
    pupils.go_in(phone, class_code, number, code)
    pupils.begin(phone)
    for question, option in enumerate((2, 2, 0, 2), 1):
        pupils.tap_answer(phone, question, option)
    phone.get_by_role("button", name=pupils.zh("hand_in"), exact=True).tap()
    assert pupils.receipt_of(phone)
    observer.look(phone, "08-receipt")


def the_result_is_read(observer: Observer, tab: Page) -> None:
    tab.goto("/")  # the printed list has no doors
    preparing.open_class(tab, CAMPAIGN, CLASS)
    tab.locator("main tbody tr", has_text=re.compile("已交")).first.locator("a").first.click()
    main = tab.locator("main")
    expect(main).to_contain_text(TITLE)
    for words in ("明显欠觉", "需要进一步了解", "8"):
        expect(main).to_contain_text(words)
    observer.look(tab, "09-result")
