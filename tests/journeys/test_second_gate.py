"""The second gate in a browser: planned, a pupil is flagged, looked at again by talk or by paper, and interviewed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import caring, preparing, pupils
from tests.journeys.installation import Installation
from tests.journeys.looking import PC, PHONE, Observer, wait_for
from tests.journeys.preparing import here_now
from tests.journeys.staff import open_door, sign_in
from tests.journeys.wording import say

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

PSYCHOLOGIST = "psych.songhu"
HEAVY, LIGHT = 2, 0  # which of the offered answers a pupil taps


@pytest.fixture
def psychologist(observer: Observer, installation: Installation) -> Page:
    tab = observer.person(PC)
    sign_in(tab, installation.logins[PSYCHOLOGIST])
    return tab


def plan(tab: Page, name: str, grade: str, scale: str, gate: str, *second: str) -> None:
    """Plan a screening with a second gate, as the form asks for it, and launch it."""
    open_door(tab, say("Screening"))
    tab.get_by_role("link", name=say("Plan a screening")).first.click()
    tab.locator("[name=name]").fill(name)
    for box in tab.locator("[name=grades]").all():
        box.uncheck()
    tab.get_by_label(grade, exact=True).check()
    tick(tab, "scales", scale)
    tab.get_by_label(say(gate), exact=True).check()
    for each in second:
        tick(tab, "gate_scales", each)
    opens_at = here_now()
    tab.get_by_label(say("Opens"), exact=True).fill(f"{opens_at:%Y-%m-%dT00:00}")
    tab.get_by_label(say("Ends"), exact=True).fill(f"{opens_at:%Y-%m-%d}T23:50")


def tick(tab: Page, field: str, scale: str) -> None:
    box = tab.locator(f"label:has([name={field}]), .form-check:has([name={field}])")
    box.filter(has_text=scale).locator("input").first.check()


def launched(tab: Page, observer: Observer, name: str) -> None:
    observer.look(tab, f"{name}-01-plan")
    tab.get_by_role("button", name=say("Save and see what is missing")).click()
    observer.look(tab, f"{name}-02-preparation")
    assert preparing.launch(tab) >= 1


def first_seat(tab: Page, campaign: str, class_name: str) -> tuple[str, str, str]:
    """Return class code, number and one-time code of the first pupil who can answer."""
    preparing.open_class(tab, campaign, class_name)
    tab.get_by_role("link", name=say("Seat list with codes")).click()
    window, codes = preparing.read_seat_list(tab)
    number, code = next(iter(codes.items()))
    return window, number, code


def answer(tab: Page, way_in: tuple[str, str, str], answers: list[int]) -> None:
    pupils.go_in(tab, *way_in)
    pupils.begin(tab)
    for number, option in enumerate(answers, 1):
        pupils.tap_answer(tab, number, option)
    tab.get_by_role("button", name=pupils.zh("hand_in"), exact=True).tap()
    assert pupils.receipt_of(tab)


def reload_until(tab: Page, address: str, selector: str) -> None:
    """The clock's job takes some seconds; the page is asked anew until it shows what came of it."""

    def is_there() -> bool:
        tab.goto(address)
        return tab.locator(selector).count() > 0

    wait_for(tab, is_there, f"{selector} on {address}", milliseconds=60_000)


def gate_panel(tab: Page, class_name: str) -> str:
    """Which row of the gate is the pupil's who was flagged last, by the link to its form."""
    rows = tab.locator("tr:has(a[href$='/gate/'])").filter(has_text=class_name)
    address = rows.last.locator("a[href$='/gate/']").get_attribute("href")
    assert address
    return address


def interviewed(tab: Page, observer: Observer) -> None:
    caring.record_talk(tab, "Yellow level", observer.look)


def test_a_ten_minute_talk_and_then_the_interview(observer: Observer, psychologist: Page):
    tab, phone = psychologist, observer.person(PHONE)
    plan(tab, "八年级近况小问卷", "八年级", "GAD-7", "A ten-minute talk")
    launched(tab, observer, "talk")
    answer(phone, first_seat(tab, "八年级近况小问卷", "八年级(1)班"), [HEAVY] * 7)
    reload_until(tab, "/alerts/", "tr:has(a[href$='/gate/']):has-text('八年级(1)班')")
    observer.look(tab, "talk-03-at-the-gate")
    tab.goto(gate_panel(tab, "八年级(1)班"))
    observer.look(tab, "talk-04-form")
    tab.get_by_label(say("Sleep, appetite, energy"), exact=True).check()
    tab.get_by_label(say("Yes, asked directly"), exact=True).check()
    tab.get_by_label(say("No sign of danger"), exact=True).check()
    tab.get_by_label(say("Strained, and gets by"), exact=True).check()
    tab.get_by_label(say("False alarm"), exact=True).check()
    tab.get_by_role("button", name=say("Save"), exact=True).click()
    expect(
        tab.get_by_text(say("To close it as nothing, write in the note why it was a false alarm.")).first
    ).to_be_visible()
    observer.look(tab, "talk-05-refused")
    tab.get_by_label(say("Full interview needed"), exact=True).check()
    tab.get_by_role("button", name=say("Save"), exact=True).click()
    expect(tab.locator(".xq-message")).to_contain_text(say("Recorded. The pupil now waits for the full interview."))
    observer.look(tab, "talk-06-passed")
    interviewed(tab, observer)
    observer.look(tab, "talk-07-closed")
    assert observer.findings.all() == []


def test_a_second_paper_and_then_the_interview(observer: Observer, psychologist: Page):
    tab, phone, again = psychologist, observer.person(PHONE), observer.person(PHONE)
    name, class_name = "九年级近况小问卷", "九年级(1)班"
    plan(tab, name, "九年级", "PHQ-9", "A short second paper", "GAD-7")
    launched(tab, observer, "paper")
    way_in = first_seat(tab, name, class_name)
    answer(phone, way_in, [HEAVY] * 8 + [LIGHT])
    tab.goto("/")
    preparing.open_campaign(tab, name)
    results = tab.get_by_role("link", name=say("Whom to talk to first")).last.get_attribute("href")
    assert results
    reload_until(tab, results.replace("/results/", "/slips/"), ".xq-slip")
    observer.look(tab, "paper-03-slips")
    code = re.sub(r"\s", "", tab.locator(".xq-slip-code").first.inner_text())
    pupils.go_in(again, way_in[0], way_in[1], code)
    observer.look(again, "paper-04-second-intro")
    pupils.begin(again)
    for number in range(1, 8):
        pupils.tap_answer(again, number, HEAVY)
    again.get_by_role("button", name=pupils.zh("hand_in"), exact=True).tap()
    assert pupils.receipt_of(again)
    reload_until(tab, "/alerts/", f"tr.is-orange:has-text('{class_name}')")
    observer.look(tab, "paper-05-passed")
    tab.locator("tr.is-orange").filter(has_text=class_name).get_by_role("link", name=say("Open")).click()
    interviewed(tab, observer)
    tab.goto(results)
    observer.look(tab, "paper-06-results")
    tab.get_by_role("link", name=say("How good it was")).click()
    observer.look(tab, "paper-07-accuracy")
    assert observer.findings.all() == []
