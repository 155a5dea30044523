"""A letter without a name turns urgent: the name opens to save a life, a head agrees, the pupil reads the answer."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.installation import Installation
from tests.journeys.looking import PC, PHONE, Observer
from tests.journeys.staff import open_door, sign_in
from tests.journeys.wording import say
from xinqiao.care.sheets.pupil.letter_strings import LETTER_WORDS
from xinqiao.care.sheets.pupil.voice_strings import VOICE_WORDS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

PSYCHOLOGIST, HEAD, CLASS = "psych.primary", "head.primary", "五年级(1)班"
LETTER, CRY = "他们天天在厕所堵我，我谁也没说。", "我站在天台上，不想下去了。"
ANSWER, WHY, DECISION = (
    "我们的人已经到你身边了，慢慢说。",
    "信里说人在天台上，随时可能出事",
    "有明确的生命危险，应当打开",
)


def zh(key: str) -> str:
    return {**VOICE_WORDS, **LETTER_WORDS}[key]["zh-hans"]


def test_a_letter_without_a_name_turns_urgent(observer: Observer, installation: Installation):
    psych, head, phone = observer.person(PC), observer.person(PC), observer.person(PHONE)
    sign_in(psych, installation.logins[PSYCHOLOGIST])
    sign_in(head, installation.logins[HEAD])
    name, code, number, pin = a_slip(psych)
    receipt = the_pupil_writes(observer, phone, code, number, pin)
    the_teacher_reads_without_a_name(observer, psych, name)
    the_pupil_comes_back_and_cries(observer, phone, receipt)
    the_teacher_opens_the_name(observer, psych, name)
    the_head_agrees(observer, head, name)
    the_teacher_answers(psych)
    the_pupil_reads(observer, phone, receipt)
    assert observer.findings.all() == []
    logged = installation.log.read_text("utf-8", "replace")
    for text in (LETTER, CRY, receipt, receipt.replace("-", "")):
        assert text not in logged


def a_slip(tab: Page) -> tuple[str, str, str, str]:
    """Name, class code, number and PIN of the first pupil of the class, as they stand on the slip."""
    open_door(tab, say("Committee members"))
    tab.get_by_role("link", name=CLASS).click()
    tab.get_by_role("link", name=say("PIN slips")).click()
    lines = [line.strip() for line in tab.locator(".xq-slip").first.inner_text().splitlines() if line.strip()]
    code, number = (next(line.split()[-1] for line in lines if line.startswith(say(word)))
                    for word in ("Class code", "Student number"))  # fmt: skip
    return lines[0], code, number, lines[-1]


def the_pupil_writes(observer: Observer, tab: Page, code: str, number: str, pin: str) -> str:
    tab.goto(f"/s/{code}")
    tab.get_by_role("link", name=zh("letter_link")).tap()
    expect(tab.locator(".call-list a").first).to_be_visible()
    tab.locator("input[name=letter_mode][value=new]").check()
    expect(tab.locator("#class_code")).to_have_value(code)
    expect(tab.locator(".know")).to_contain_text(zh("letter_know_2"))
    tab.locator("input[name=letter_sign][value=no]").check()
    tab.fill("#letter_words", LETTER)
    tab.reload()  # what was written is still there, and who wrote it is not
    expect(tab.locator("#letter_words")).to_have_value(LETTER)
    expect(tab.locator("#pin")).to_have_value("")
    tab.locator("input[name=letter_sign][value=no]").check()
    for field, value in (("class_code", code), ("number", number), ("pin", pin)):
        tab.fill(f"#{field}", value)
    observer.look(tab, "01-letter")
    tab.locator("#send").tap()
    expect(tab.locator("h1")).to_have_text(zh("letter_done"))
    receipt: str = tab.locator(".receipt-code").inner_text()
    observer.look(tab, "02-receipt")
    assert LETTER not in tab.content()
    assert tab.evaluate("localStorage.length + sessionStorage.length") == 0
    assert tab.context.cookies() == []
    tab.locator("#leave").tap()
    expect(tab.locator("#door")).to_be_visible()
    return receipt


def the_teacher_reads_without_a_name(observer: Observer, tab: Page, name: str) -> None:
    tab.goto("/")
    open_door(tab, say("Mailbox"))
    observer.look(tab, "03-mailbox")
    tab.locator("main tbody").get_by_role("link", name=say("Open"), exact=True).first.click()
    expect(tab.get_by_text(LETTER)).to_be_visible()
    assert name not in tab.content()
    observer.look(tab, "04-read")


def _open_with_code(tab: Page, receipt: str) -> None:
    tab.goto("/s/letter")
    tab.locator("input[name=letter_mode][value=code]").check()
    tab.fill("#letter_code", receipt.lower())
    tab.locator("#open").tap()
    expect(tab.locator("#said")).to_contain_text(LETTER)


def the_pupil_comes_back_and_cries(observer: Observer, tab: Page, receipt: str) -> None:
    _open_with_code(tab, receipt)
    tab.fill("#more_words", CRY)
    tab.locator("#more_urgent").check(force=True)
    tab.locator("#more_send").tap()
    expect(tab.locator("#thread_status")).to_contain_text(zh("letter_called"))
    observer.look(tab, "05-urgent")


def the_teacher_opens_the_name(observer: Observer, tab: Page, name: str) -> None:
    tab.reload()
    expect(tab.get_by_text(say("This letter does not wait"))).to_be_visible()
    expect(tab.get_by_text(CRY)).to_be_visible()
    tab.locator("[name=rescue-reason]").fill(WHY)
    observer.look(tab, "06-rescue")
    tab.get_by_role("button", name=say("Open the name now")).click()
    expect(tab.locator("h1")).to_contain_text(name)
    expect(tab.locator(".xq-message")).to_contain_text(
        say("The name is open: this is the pupil. A second person was told.")
    )


def the_head_agrees(observer: Observer, tab: Page, name: str) -> None:
    tab.goto("/")
    open_door(tab, say("Names to be opened"))
    expect(tab.get_by_text(WHY)).to_be_visible()
    assert name not in tab.locator("main").inner_text()
    assert CRY not in tab.content()
    observer.look(tab, "07-second-person")
    tab.locator("input[value=yes]").first.check(force=True)
    tab.locator("textarea[name$=words]").first.fill(DECISION)
    tab.get_by_role("button", name=say("Give the decision")).first.click()
    expect(tab.locator(".xq-message")).to_contain_text(say("Noted. Whoever asked sees it in the letter."))


def the_teacher_answers(tab: Page) -> None:
    tab.goto("/mailbox/")
    tab.locator("main tbody").get_by_role("link", name=say("Open"), exact=True).first.click()
    expect(tab.get_by_text(DECISION)).to_be_visible()
    tab.locator("textarea[name=words]").fill(ANSWER)
    tab.get_by_role("button", name=say("Send the answer")).click()
    expect(tab.locator(".xq-message")).to_contain_text(say("Sent. The pupil reads it with the code of the letter."))


def the_pupil_reads(observer: Observer, tab: Page, receipt: str) -> None:
    _open_with_code(tab, receipt)
    said = tab.locator("#said")
    expect(said).to_contain_text(ANSWER)
    expect(said).to_contain_text(zh("letter_said_opened"))
    expect(said).to_contain_text(zh("letter_checked_confirmed"))
    observer.look(tab, "08-answer")
