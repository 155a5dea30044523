"""What pupils do on their pages: in through the door, answer by touch or by keyboard, hand in."""

import re

from playwright.sync_api import Locator, Page, expect

from xinqiao.care.sheets.pupil.strings import WORDS


def zh(key: str) -> str:
    return WORDS[key]["zh-hans"]


def go_in(tab: Page, class_code: str, number: str, secret: str) -> None:
    """Enter with class code, student number and PIN or one-time code, to the page that says what this is."""
    tab.goto(f"/s/{class_code}")
    tab.fill("#number", number)
    tab.fill("#pin", secret)
    tab.click("#enter")
    expect(tab.locator(".intro")).to_be_visible()


def go_in_by_keyboard(tab: Page, class_code: str, number: str, secret: str) -> None:
    """The same without a mouse: the class code is in the address, the focus on the number."""
    tab.goto(f"/s/{class_code}")
    expect(tab.locator("#number")).to_be_focused()
    tab.keyboard.type(number)
    tab.keyboard.press("Tab")
    while tab.evaluate("document.activeElement.id") != "pin":
        tab.keyboard.press("Tab")
    tab.keyboard.type(secret)
    tab.keyboard.press("Enter")
    expect(tab.locator(".intro")).to_be_visible()


def begin(tab: Page) -> None:
    tab.locator(".intro .main-button").click()


def tap_answer(tab: Page, question: int, option: int) -> None:
    """Answer one question on a narrow page; from the page that opens a part, go on first."""
    shown = tab.locator(".progress-text", has_text=re.compile(f"第 {question} 题"))
    opening = tab.locator(".part .main-button")
    expect(shown.or_(opening)).to_be_visible()
    if opening.count():
        opening.tap()
    expect(shown).to_be_visible()
    tab.locator(".option").nth(option).tap()


def press_digits(tab: Page, digits: str) -> None:
    """Answer question after question on a wide page with the digit keys (1 is the first option)."""
    for digit in digits:
        before = tab.locator(".question.is-current").get_attribute("data-index")
        tab.keyboard.press(digit)
        moved_on = f".question.is-current:not([data-index='{before}']), .list-end:focus, .list-end :focus"
        expect(tab.locator(moved_on).first).to_be_attached()


def question(tab: Page, number: int) -> Locator:
    """A question on a wide page, by its number in the whole sheet."""
    return tab.locator(".question").nth(number - 1)


def receipt_of(tab: Page) -> str:
    """Wait for the receipt, which is shown only when the sheet is kept for good, and return its code."""
    expect(tab.locator(".receipt-code")).to_be_visible(timeout=30_000)
    return tab.locator(".receipt-code").inner_text().strip()
