"""A class teacher's and a guardian's form in a browser, at the width of a phone, and what the psychology teacher reads.

Done-when 1 of the screening issue: a guardian's and a teacher's form.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import preparing, pupils
from tests.journeys.installation import Installation
from tests.journeys.looking import PC, PHONE, Observer, wait_for
from tests.journeys.staff import sign_in
from tests.journeys.wording import say
from xinqiao.care.sheets.pupil.strings import FORM_WORDS, WORDS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

PSYCHOLOGIST, TEACHER = "psych.songhu", "class.songhu"
CLASS_NAME, RUNNING = "七年级(3)班", "本学期心理测评"
NO, SOMETIMES = 0, 1  # which of the offered answers is tapped
QUESTIONS = 10
NOTE = "奶奶走了以后，孩子晚上常常睡不着。"


def zh(key: str) -> str:
    return {**WORDS, **FORM_WORDS}[key]["zh-hans"]


def plan_of_forms(tab: Page, observer: Observer) -> None:
    """The plan of a screening says who else is asked; it is thrown away again."""
    preparing.plan_screening(tab, "看看还问谁", ("九年级",), ("GAD-7",))
    tab.get_by_role("link", name=say("Forms for guardians and class teachers")).click()
    observer.look(tab, "01-who-else")
    tab.locator("[name=parent_scales]").first.check()
    tab.locator("[name=teacher_scales]").first.check()
    tab.get_by_role("button", name=say("Keep"), exact=True).click()
    expect(tab.locator(".xq-facts").filter(has_text="班主任观察表")).to_contain_text("家长问卷")
    observer.look(tab, "02-plan")
    tab.get_by_text(say("Discard"), exact=True).click()
    tab.get_by_role("button", name=say("Discard it")).click()
    expect(tab.locator(".xq-message")).to_contain_text(say("The plan was discarded."))


def answer_all(tab: Page, last: int) -> None:
    pupils.begin(tab)
    for number in range(1, QUESTIONS):
        pupils.tap_answer(tab, number, NO)
    pupils.tap_answer(tab, QUESTIONS, last)


def hand_in(tab: Page) -> None:
    tab.get_by_role("button", name=zh("hand_in"), exact=True).tap()
    assert pupils.receipt_of(tab)


def read_slips(tab: Page) -> dict[str, str]:
    """Return the codes of the printed slips by the pupil's name; of two pupils with one name neither."""
    names = tab.locator(".xq-slip-name").all_inner_texts()
    codes = [re.sub(r"\s", "", code) for code in tab.locator(".xq-slip-code").all_inner_texts()]
    return {name: code for name, code in zip(names, codes, strict=True) if names.count(name) == 1}


def open_pupil(tab: Page, slips: dict[str, str]) -> tuple[str, str]:
    """Return the name of a pupil whose observation is open and the code of their guardian."""
    rows = tab.locator("tr").filter(has=tab.get_by_role("button", name=say("Fill in"), exact=True))
    named = [name.strip() for name in rows.locator("th").all_inner_texts()]
    return next((name, code) for name in named for slip, code in slips.items() if slip.startswith(name))


def test_a_teachers_and_a_guardians_form(observer: Observer, installation: Installation):
    psych, teacher, guardian = observer.person(PC), observer.person(PHONE), observer.person(PHONE)
    sign_in(psych, installation.logins[PSYCHOLOGIST])
    plan_of_forms(psych, observer)

    preparing.open_class(psych, RUNNING, CLASS_NAME)
    psych.get_by_role("link", name=say("Forms about the pupils")).click()
    psych.get_by_role("link", name=say("Slips for guardians")).click()
    observer.look(psych, "09-slips")
    slips = read_slips(psych)

    sign_in(teacher, installation.logins[TEACHER])
    teacher.goto("/screening/my-class/")
    observer.look(teacher, "03-my-class")
    name, code = open_pupil(teacher, slips)
    row = teacher.locator("tr").filter(has_text=name)
    row.get_by_role("button", name=say("Fill in"), exact=True).tap()
    expect(teacher.locator(".intro")).to_be_visible()
    assert "#" not in teacher.url
    observer.look(teacher, "04-teacher-intro")
    answer_all(teacher, SOMETIMES)
    expect(teacher.locator(".care-status")).to_have_text(zh("care_sent"))
    observer.look(teacher, "05-teacher-critical")
    teacher.get_by_role("button", name=zh("care_on"), exact=True).tap()
    expect(teacher.locator("#note")).to_be_visible()
    observer.look(teacher, "06-teacher-note")
    hand_in(teacher)
    observer.look(teacher, "07-teacher-receipt")
    teacher.get_by_role("button", name=zh("next_pupil"), exact=True).tap()
    expect(teacher.locator("tr").filter(has_text=name)).to_contain_text(say("Handed in"))

    psych.go_back()
    observer.look(psych, "08-class-forms")

    guardian.goto("/s/form")
    observer.look(guardian, "10-guardian-door")
    guardian.fill("#pin", code)
    guardian.tap("#enter")
    expect(guardian.locator(".intro")).to_be_visible()
    observer.look(guardian, "11-guardian-intro")
    answer_all(guardian, NO)
    guardian.fill("#note", NOTE)
    observer.look(guardian, "12-guardian-note")
    hand_in(guardian)
    observer.look(guardian, "13-guardian-receipt")
    guardian.goto(f"/s/form#{code}")
    expect(guardian.locator("#door_message")).to_have_text(zh("enter_already_submitted"))

    def is_told() -> bool:
        psych.goto("/alerts/")
        return psych.locator("tr.is-red").filter(has_text=name).count() > 0

    wait_for(psych, is_told, "the teacher's critical answer in the queue", milliseconds=60_000)
    psych.locator("tr.is-red").filter(has_text=name).get_by_role("link", name=say("Open")).click()
    result = psych.locator("a[href*='/screening/pupils/']").first.get_attribute("href")
    assert result
    psych.goto(result)
    beside = psych.locator("section, article, div").filter(has_text=say("What others see")).last
    expect(beside).to_be_visible()
    expect(psych.get_by_text(NOTE)).to_be_visible()
    observer.look(psych, "14-side-by-side")
    assert observer.findings.all() == []
