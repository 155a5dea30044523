"""A scale asked by adapting, in a browser: offered in the plan, answered on a phone, told as what it is."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import preparing, pupils
from tests.journeys.installation import Installation
from tests.journeys.looking import PC, PHONE, Observer
from tests.journeys.staff import open_door, sign_in
from tests.journeys.wording import say
from xinqiao.doors.demo.cast import read_city

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

PSYCHOLOGIST = "psych.nine"
CAMPAIGN = read_city().campaigns.adapting.name
CLASS_NAME = "八年级(1)班"
PLANNED, GRADE = "九年级心理测评（要求精度）", "九年级"
ITEMS, WHOLE_ITEMS = 9, 7  # PHQ-9 by adapting, then GAD-7 whole


def tap_until_it_is_enough(tab: Page) -> list[int]:
    """Answer what is asked of the first scale with the first answer; return its questions in the order they came in."""
    asked: list[int] = []
    expect(tab.locator(".question")).to_be_visible()
    while (number := number_shown(tab)) <= ITEMS:
        asked.append(number)
        tab.locator(".option").nth(0).tap()
        expect(tab.locator(f".question[data-index='{number - 1}']")).to_have_count(0)
    return asked


def number_shown(tab: Page) -> int:
    """The place of the question on the paper; one past the first scale where another part opens."""
    shown = tab.locator(".question")
    return int(shown.get_attribute("data-index") or "0") + 1 if shown.count() else ITEMS + 1


def plan_with_precision(tab: Page) -> None:
    """Plan a second screening whose estimates must be precise too; it stays a plan."""
    preparing.plan_screening(tab, PLANNED, (GRADE,), ("PHQ-9",))
    tab.get_by_role("link", name=say("Change the plan")).first.click()
    tab.locator("[name=adapted]").check()
    tab.locator("[name=asking_ends][value=precise]").check()
    tab.get_by_role("button", name=say("Save and see what is missing")).click()
    told = say("A pupil has been asked enough: %(until)s.")
    until = say("Once that is known, and the estimate is precise enough too")
    expect(tab.get_by_text(told % {"until": until})).to_be_visible()


def test_a_pupil_is_asked_until_it_is_enough_and_the_result_says_so(observer: Observer, installation: Installation):
    psychologist = observer.person(PC)
    sign_in(psychologist, installation.logins[PSYCHOLOGIST])
    open_door(psychologist, say("Screening"))
    psychologist.get_by_role("link", name=say("Plan a screening")).first.click()
    expect(psychologist.locator("[name=adapted]")).to_have_count(1)
    expect(psychologist.locator("[name=adapted]")).not_to_be_checked()
    observer.look(psychologist, "01-plan")
    plan_with_precision(psychologist)
    observer.look(psychologist, "01b-precise")

    preparing.open_class(psychologist, CAMPAIGN, CLASS_NAME)
    number = psychologist.locator("tr.is-yellow td").first.inner_text()  # who has not answered yet
    psychologist.get_by_role("link", name=say("Seat list with codes")).click()
    window, codes = preparing.read_seat_list(psychologist)

    phone = observer.person(PHONE)
    pupils.go_in(phone, window, number, codes[number])
    observer.look(phone, "02-intro")
    pupils.begin(phone)
    phone.locator(".part .main-button").tap()
    observer.look(phone, "03-question")
    asked = tap_until_it_is_enough(phone)
    assert len(asked) < ITEMS
    assert asked != sorted(asked)
    assert ITEMS in asked  # the critical one
    phone.locator(".part .main-button").tap()
    for index in range(ITEMS, ITEMS + WHOLE_ITEMS):
        expect(phone.locator(f".question[data-index='{index}']")).to_be_visible()
        phone.locator(f".question[data-index='{index}'] .option").nth(0).tap()
    phone.get_by_role("button", name=pupils.zh("hand_in"), exact=True).tap()
    pupils.receipt_of(phone)

    observer.look(phone, "04-receipt")
    psychologist.goto("/")
    preparing.open_class(psychologist, CAMPAIGN, CLASS_NAME)
    row = psychologist.locator("tr").filter(has_text=number)
    row.get_by_role("link").first.click()
    told = say("%(asked)s of %(of)s questions were asked; the others were not due, and are not missing.")
    expect(psychologist.get_by_text(told % {"asked": len(asked), "of": ITEMS})).to_be_visible()
    observer.look(psychologist, "05-result")
    assert observer.findings.all() == []
