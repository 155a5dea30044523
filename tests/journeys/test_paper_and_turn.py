"""A class without a lab: on printed sheets, typed twice by two people; and on one borrowed device in turn."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import preparing, pupils
from tests.journeys.installation import Installation
from tests.journeys.looking import PC, Observer
from tests.journeys.staff import open_door, sign_in
from tests.journeys.wording import say, say_like

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

CAMPAIGN = "本学期心理测评"
PAPER_CLASS, TURN_CLASS = "七年级(2)班", "七年级(4)班"
PSYCHOLOGIST, TYPIST = "psych.songhu", "typist.songhu"
CRITICAL_PLACE = 9  # the ninth of PHQ-9, which stands first


def type_sheet(tab: Page, number: str, answers: str) -> None:
    """Type one sheet without touching the mouse; the number's field has the focus, and has it again at the end."""
    expect(tab.locator("[name=number]")).to_be_focused()
    tab.keyboard.type(number)
    tab.keyboard.press("Enter")
    expect(tab.locator("[name=answers]")).to_be_focused()
    tab.keyboard.type(answers)
    tab.keyboard.press("Enter")


def taken(tab: Page, name: str, words: str) -> None:
    outcome = tab.locator("#typing-outcome")
    expect(outcome).to_contain_text(name)
    expect(outcome).to_contain_text(say(words))


def wanted(tab: Page, count: int) -> list[tuple[str, str]]:
    """Return number and name of the last pupils whose sheets are wanted."""
    rows = tab.locator("#pile tr[data-wanted]")
    found = [(row.get_attribute("data-number") or "", row.get_attribute("data-name") or "") for row in rows.all()]
    assert len(found) >= count, found
    return found[-count:]


def answers_for(tab: Page, **changed: str) -> str:
    """Return a calm sheet of this paper, with some places changed (`p9="2"`)."""
    questions = json.loads(tab.locator("[data-behaviour=type-sheet]").get_attribute("data-questions") or "")
    letters = [question[0][0] for question in questions[:-1]] + ["-"]
    for place, letter in changed.items():
        letters[int(place[1:]) - 1] = letter
    return "".join(letters)


def printed_pages(tab: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", tab.pdf(prefer_css_page_size=True)))


def each_sheet_has_pages_of_its_own(tab: Page) -> None:
    """This paper fits on one side: as many pages as pupils, and fewer where the rule of the style sheet is missing."""
    sheets = tab.locator(".xq-answer-sheet").count()
    assert printed_pages(tab) == sheets > 1
    tab.evaluate("document.querySelectorAll('.xq-answer-part').forEach(each => each.remove())")
    assert printed_pages(tab) == sheets  # however short
    tab.evaluate("document.querySelectorAll('.xq-sheet').forEach(each => each.classList.remove('xq-sheet'))")
    assert printed_pages(tab) < sheets


def test_a_class_on_paper(observer: Observer, installation: Installation):
    psychologist, typist = observer.person(PC), observer.person(PC)
    for tab, login in ((psychologist, PSYCHOLOGIST), (typist, TYPIST)):
        sign_in(tab, installation.logins[login])
    preparing.open_class(psychologist, CAMPAIGN, PAPER_CLASS)
    psychologist.get_by_role("link", name=say("Print answer sheets")).click()
    expect(psychologist.locator(".xq-answer-sheet").first).to_contain_text("12356")
    observer.look(psychologist, "01-printed")
    each_sheet_has_pages_of_its_own(psychologist)
    psychologist.get_by_role("link", name="返回").click()
    preparing.open_class(typist, CAMPAIGN, PAPER_CLASS)
    observer.look(typist, "02-class-for-the-typist")
    typist.get_by_role("link", name=say("Type in paper sheets")).click()
    calm, slipped, cry = sheets = wanted(typist, 3)
    plain, crying = answers_for(typist), answers_for(typist, p9="2")

    type_sheet(typist, calm[0], plain)
    taken(typist, calm[1], "Typed once. It counts when it has been typed a second time.")
    type_sheet(typist, slipped[0], answers_for(typist, p4="3"))
    taken(typist, slipped[1], "Typed once. It counts when it has been typed a second time.")
    a_wrong_key_is_marked_and_not_taken(observer, typist, cry[0], crying)
    taken(typist, cry[1], "Typed once. There is a critical answer on this sheet: "
                          "the people on duty have been told just now.")  # fmt: skip
    observer.look(typist, "04-typed-once")
    open_door(psychologist, say("Whom to talk to first"))
    expect(psychologist.locator("main tr", has_text=cry[1]).first).to_be_visible()  # before anyone has checked it

    preparing.open_class(psychologist, CAMPAIGN, PAPER_CLASS)
    expect(psychologist.locator("main tr", has_text=cry[1]).first).to_contain_text(say("typed once"))
    psychologist.get_by_role("link", name=say("Type in paper sheets")).click()
    for number, name in (calm, cry):
        type_sheet(psychologist, number, crying if number == cry[0] else plain)
        taken(psychologist, name, "Both typings agree. The sheet is checked and handed in.")
    the_slip_is_settled_against_the_paper(observer, psychologist, slipped, plain)
    for number, _name in sheets:
        row = psychologist.locator(f"#pile tr[data-number='{number}']")
        expect(row).to_contain_text(say("checked and handed in"))
    observer.look(psychologist, "06-all-checked")
    preparing.open_campaign(psychologist, CAMPAIGN)
    expect(psychologist.locator("#progress tr", has_text=PAPER_CLASS).first).to_contain_text(
        say_like("On paper: %(once)s typed once, %(checked)s checked")
    )
    assert observer.findings.all() == []


def a_wrong_key_is_marked_and_not_taken(observer: Observer, tab: Page, number: str, answers: str) -> None:
    expect(tab.locator("[name=number]")).to_be_focused()
    tab.keyboard.type(number)
    tab.keyboard.press("Enter")
    tab.keyboard.type(answers[:CRITICAL_PLACE])
    expect(tab.locator("[data-part=cry]")).to_be_visible()
    tab.keyboard.type("7")
    expect(tab.locator("[data-part=place]")).to_contain_text("7")
    expect(tab.locator("[name=answers]")).to_have_value(answers[:CRITICAL_PLACE])
    observer.look(tab, "03-wrong-key")
    tab.keyboard.press("Enter")  # not whole yet: refused on the spot
    expect(tab.locator("[name=answers]")).to_have_value(answers[:CRITICAL_PLACE])
    tab.locator("[name=answers]").focus()
    tab.keyboard.type(answers[CRITICAL_PLACE:])
    tab.keyboard.press("Enter")


def the_slip_is_settled_against_the_paper(observer: Observer, tab: Page, whose: tuple[str, str], plain: str) -> None:
    type_sheet(tab, whose[0], plain)
    field = tab.locator("#typing-outcome [name=place_3]")
    expect(field).to_be_focused()
    observer.look(tab, "05-two-typings-differ")
    field.focus()
    tab.keyboard.type(plain[3])
    tab.keyboard.press("Enter")
    taken(tab, whose[1], "Both typings agree. The sheet is checked and handed in.")
    expect(tab.locator("[name=number]")).to_be_focused()


def test_one_borrowed_device_in_turn(observer: Observer, installation: Installation):
    psychologist, device = observer.person(PC), observer.person(PC)
    sign_in(psychologist, installation.logins[PSYCHOLOGIST])
    preparing.open_class(psychologist, CAMPAIGN, TURN_CLASS)
    address = psychologist.locator(".xq-copy code").inner_text()
    assert address.startswith(installation.address)
    observer.look(psychologist, "10-class-with-the-address")
    psychologist.get_by_role("link", name=say("Seat list with codes")).click()
    _class_code, codes = preparing.read_seat_list(psychologist)
    device.goto(address)
    expect(device.locator("#turn")).to_contain_text("已交 0 份")
    observer.look(device, "11-door-in-turn")
    for turn, (number, code) in enumerate(list(codes.items())[-2:], start=1):
        device.fill("#number", number)
        device.fill("#pin", code)
        device.keyboard.press("Enter")
        expect(device.locator(".intro")).to_be_visible()
        pupils.begin(device)
        pupils.press_digits(device, "1" * 16)
        device.keyboard.press("Enter")
        receipt = pupils.receipt_of(device)
        observer.look(device, f"12-receipt-{turn}")
        device.locator(".done .main-button").click()
        expect(device.locator("#turn")).to_contain_text(f"已交 {turn} 份")
        kept = device.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}]) + document.body.outerHTML")
        assert [word for word in (number, code, receipt) if word in kept] == []
    observer.look(device, "13-next-pupil")
    assert observer.findings.all() == []
