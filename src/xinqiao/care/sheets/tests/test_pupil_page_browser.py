"""The pupil's pages in a real browser, against a fake intake: the stories, the mishaps, and what must never be seen.

Where a guarantee is tested, the same story is told again with the guard taken out of the script, and ends badly.
"""

import base64
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from xinqiao.care.sheets.pupil import page as pupil_page
from xinqiao.care.sheets.pupil.strings import WORDS
from xinqiao.care.sheets.tests.fake_intake import FakeIntake, running_intake
from xinqiao.care.sheets.tests.sample_paper import OFTEN_ITEMS, sample_paper

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL: dict[str, Any] = {**PHONE, "viewport": {"width": 320, "height": 568}}
SIDEWAYS: dict[str, Any] = {**PHONE, "viewport": {"width": 844, "height": 390}}
PC: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
UNGUARDED = pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])


def zh(key: str) -> str:
    return WORDS[key]["zh-hans"]


@pytest.fixture
def intake():
    with running_intake(sample_paper()) as running:
        yield running


@pytest.fixture
def tab(browser):
    """Opens tabs; afterwards no script may have failed and nothing may have broken the content security policy."""
    faults: list[str] = []
    contexts = []

    def open_tab(device: dict[str, Any]) -> Page:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **device)
        contexts.append(context)
        opened = context.new_page()
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.on("console", lambda line: faults.append(line.text) if "Security Policy" in line.text else None)
        return opened

    open_tab.faults = faults
    yield open_tab
    for context in contexts:
        context.close()
    assert faults == []


def enter(tab: Page, intake: FakeIntake, number: str = "07", pin: str = "2468") -> None:
    tab.goto(f"{intake.address}/s/A7K3")
    tab.fill("#number", number)
    tab.fill("#pin", pin)
    tab.click("#enter")
    tab.wait_for_selector(".intro")


def begin(tab: Page, intake: FakeIntake, **pupil: str) -> None:
    enter(tab, intake, **pupil)
    tab.click(".intro .main-button")
    if tab.viewport_size["width"] < 720:
        tab.click(".part .main-button")


def expect_question(tab: Page, n: int) -> None:
    expect(tab.locator(".progress-text")).to_have_text(re.compile(f"第 {n} 题"))


def tap_through(tab: Page, first: int, last: int, option: int = 0) -> None:
    for n in range(first, last + 1):
        expect_question(tab, n)
        tab.locator(".option").nth(option).tap()
    tab.wait_for_timeout(400)


def press_keys(tab: Page, keys: str) -> None:
    for key in keys:
        before = tab.locator(".question.is-current").get_attribute("data-index")
        tab.keyboard.press(key)
        moved_on = f".question.is-current:not([data-index='{before}']), .list-end:focus, .list-end :focus"
        expect(tab.locator(moved_on).first).to_be_attached()


def stored(tab: Page) -> dict[str, str]:
    return tab.evaluate("() => Object.assign({}, localStorage)")


def drafts(tab: Page) -> list[str]:
    return [value for key, value in stored(tab).items() if key.startswith("xq-draft:")]


def reveal(record: str, pad: bytes) -> dict[str, Any]:
    """Opens a draft with its pad, written from veil.js's description and not from its code."""
    sealed = base64.b64decode(record.split("|")[2])
    nonce, hidden = sealed[:16], sealed[24:]
    stream = b"".join(
        hashlib.sha256(b"veil" + nonce + block.to_bytes(4, "big") + pad).digest()
        for block in range(len(hidden) // 32 + 1)
    )
    return json.loads(bytes(a ^ b for a, b in zip(hidden, stream, strict=False)).decode())


def wait_until(tab: Page, is_so: Any, milliseconds: int = 20_000) -> None:
    for _ in range(milliseconds // 50):
        if is_so():
            return
        tab.wait_for_timeout(50)
    raise AssertionError("it did not come to that")


# The stories.


def test_whole_story_on_a_phone(tab, intake):
    phone = tab(PHONE)
    begin(phone, intake)
    tap_through(phone, 1, 8, option=1)
    expect_question(phone, 9)
    phone.locator(".option").nth(2).tap()
    card = phone.locator(".care-card")
    expect(card).to_contain_text(zh("care_title"))
    expect(card).to_contain_text("12356")
    expect(card).to_contain_text(zh("care_sent"))
    expect_question(phone, 9)  # a critical answer never pushes the child on
    card.locator("button", has_text=zh("care_talk")).tap()
    expect(phone.locator(".panel")).to_contain_text(zh("talk_on_duty"))
    phone.locator(".panel button", has_text=zh("close")).tap()
    card.locator("button", has_text=zh("care_on")).tap()
    phone.click(".part .main-button")
    tap_through(phone, 10, 15, option=1)
    expect(phone.locator("h1")).to_have_text(zh("end_all"))
    phone.locator("button", has_text=zh("hand_in")).tap()
    expect(phone.locator(".receipt-code")).to_have_text("K7P0-2WQX")
    expect(phone.locator(".receipt-at")).to_contain_text("2026年11月22日 09:30")

    [critical] = intake.posted("/s/critical")
    assert (critical["scale"], critical["item"], critical["answer"]) == ("often-9", 9, 2)
    assert len(intake.posted("/s/talk")) == 1
    [sheet] = intake.posted("/s/submit")
    assert sheet["answers"] == {"often-9": [1] * 8 + [2], "plain-7": [0, 0, 0, 0, 0, None, 0]}
    assert sheet["device"] == "phone"
    assert [len(times) for times in sheet["seconds"].values()] == [9, 7]
    assert sum(sheet["seconds"]["often-9"]) > 0
    assert re.fullmatch(r"[0-9a-f-]{36}", sheet["key"])
    assert {ticket for path, _, ticket in intake.posts if path != "/s/enter"} == {"Ticket t-s-zhang"}
    assert drafts(phone) == []


def test_whole_story_by_keyboard(tab, intake):
    pc = tab(PC)
    pc.goto(f"{intake.address}/s/A7K3")
    for typed in ("０７", "2468"):  # a Chinese keyboard's wide digits
        pc.keyboard.type(typed)
        pc.keyboard.press("Tab")
    pc.keyboard.press("Shift+Tab")
    pc.keyboard.press("Enter")
    pc.wait_for_selector(".intro")
    pc.locator(".intro .main-button").focus()
    pc.keyboard.press("Enter")
    pc.wait_for_selector(".board")
    press_keys(pc, "2222222")
    pc.keyboard.press("ArrowUp")
    pc.keyboard.press("ArrowRight")
    pc.keyboard.press("ArrowRight")
    pc.keyboard.press("Space")
    expect(pc.locator(".question").nth(6).locator("input").nth(3)).to_be_checked()
    pc.keyboard.press("ArrowDown")
    press_keys(pc, "21" + "1111")
    pc.keyboard.press("1")
    expect(pc.locator(".care-card")).to_be_visible()
    expect(pc.locator(".question").nth(14)).to_be_visible()  # what only those who said yes are asked
    pc.keyboard.press("ArrowDown")
    press_keys(pc, "21")
    expect(pc.locator(".rail-count")).to_have_text("已答 16 / 16")
    pc.keyboard.press("Enter")
    expect(pc.locator(".receipt-code")).to_be_visible()
    [sheet] = intake.posted("/s/submit")
    assert sheet["answers"] == {"often-9": [1] * 6 + [3, 1, 0], "plain-7": [1, 1, 1, 1, 1, 0, 1]}
    assert sheet["device"] == "pc"
    [told] = intake.posted("/s/critical")
    assert (told["item"], told["answer"]) == (5, 1)


@UNGUARDED
def test_arrows_pass_over_options_without_answering(tab, intake, is_guarded):
    if not is_guarded:
        intake.weakened["question.js"] = [("inputs.length].focus();", "inputs.length].click();")]
    pc = tab(PC)
    begin(pc, intake)
    for _ in range(8):
        pc.keyboard.press("ArrowDown")
    for _ in range(3):
        pc.keyboard.press("ArrowRight")
    pc.wait_for_timeout(300)
    if not is_guarded:
        wait_until(pc, lambda: intake.posted("/s/critical") != [])
    assert (intake.posted("/s/critical") == []) is is_guarded


def test_skipped_questions_are_listed_gently_and_may_stay_open(tab, intake):
    phone = tab(PHONE)
    begin(phone, intake)
    for n in range(1, 10):
        expect_question(phone, n)
        if n == 4:
            phone.locator(".option").nth(0).tap()
        else:
            phone.locator(".foot button").nth(1).tap()
    phone.click(".part .main-button")
    for n in range(10, 16):
        expect_question(phone, n)
        phone.locator(".foot button").nth(1).tap()
    expect(phone.locator("h1")).to_have_text("还有 14 题没有答")
    expect(phone.locator(".row-button")).to_have_count(8)
    phone.locator(".row-button").nth(1).tap()
    expect_question(phone, 2)
    phone.locator(".option").nth(3).tap()
    expect_question(phone, 3)
    for _ in range(13):
        phone.locator(".foot button").nth(1).tap()
        phone.wait_for_timeout(60)
    phone.locator("button", has_text=zh("hand_in_anyway")).tap()
    expect(phone.locator(".receipt-code")).to_be_visible()
    [sheet] = intake.posted("/s/submit")
    assert sheet["answers"]["often-9"] == [None, 3, None, 0] + [None] * 5
    assert sheet["answers"]["plain-7"] == [None] * 7


def test_language_switch_keeps_the_answers(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    press_keys(pc, "214")
    pc.click("#language")
    expect(pc.locator("h1")).to_have_text("Autumn check-in")
    expect(pc.locator(".rail-count")).to_have_text("3 / 15 answered")
    expect(pc.locator("#talk")).to_have_text("I want to talk")
    assert pc.evaluate("document.documentElement.lang") == "en"
    checked = "[...document.querySelectorAll('input:checked')].map(i => i.value)"
    assert pc.evaluate(checked) == ["1", "0", "3"]
    pc.click("#language")
    assert pc.evaluate(checked) == ["1", "0", "3"]
    expect(pc.locator("h1")).to_have_text("秋季心情小问卷")


# The network.


@UNGUARDED
def test_a_critical_answer_ticked_without_network_arrives_when_it_is_back(tab, intake, is_guarded):
    if not is_guarded:
        intake.weakened["sending.js"] = [
            ("if (!this.letters.length) return;\n    if (failure", "return;\n    if (failure"),
            ('window.addEventListener("online", () => this.push());', ""),
        ]
    phone = tab(PHONE)
    begin(phone, intake)
    tap_through(phone, 1, 8)
    phone.context.set_offline(True)
    phone.locator(".option").nth(3).tap()
    expect(phone.locator(".care-status")).to_have_text(zh("care_waiting"))
    expect(phone.locator(".hotlines")).to_be_visible()
    assert intake.posted("/s/critical") == []
    phone.context.set_offline(False)
    if is_guarded:
        expect(phone.locator(".care-status")).to_have_text(zh("care_sent"))
        assert [body["answer"] for body in intake.posted("/s/critical")] == [3]
    else:
        phone.wait_for_timeout(2500)
        expect(phone.locator(".care-status")).to_have_text(zh("care_waiting"))


def test_a_changed_mind_is_told_too_in_order_and_survives_a_reload(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    intake.bent["/s/critical"] = [(503, {"code": "busy"})] * 50
    question = pc.locator(".question").nth(8)
    question.locator("label").nth(3).click()
    question.locator("label").nth(0).click()
    wait_until(pc, lambda: bool(intake.posted("/s/critical")))
    assert {body["answer"] for body in intake.posted("/s/critical")} == {3}
    intake.bent["/s/critical"] = []
    pc.reload()
    wait_until(pc, lambda: [body["answer"] for body in intake.posted("/s/critical")][-1] == 0)
    arrived = [(body["answer"], body["key"]) for body in intake.posted("/s/critical")]
    assert arrived[-2][0] == 3
    assert arrived[-2][1] == arrived[0][1]  # the same letter under the same key
    assert arrived[-1][1] != arrived[0][1]


@UNGUARDED
def test_leaving_waits_behind_the_cover_until_the_critical_answer_has_arrived(tab, intake, is_guarded):
    if not is_guarded:
        intake.weakened["paper.js"] = [("if (this.outbox.letters.length && !this.isLeaving", "if (false")]
    pc = tab(PC)
    begin(pc, intake)
    intake.bent["/s/critical"] = [(503, {"code": "busy"})] * 500
    pc.locator(".question").nth(8).locator("label").nth(2).click()
    expect(pc.locator(".care-status")).to_have_text(zh("care_waiting"))
    pc.click(".rail .link-button")
    if not is_guarded:
        pc.wait_for_selector("#door")  # the page is gone, and took the letter with it
        pc.wait_for_timeout(1000)  # what was still on its way is turned away like the others
        turned_away = len(intake.posted("/s/critical"))
        intake.bent["/s/critical"] = []
        pc.wait_for_timeout(2500)
        assert len(intake.posted("/s/critical")) == turned_away
        return
    expect(pc.locator(".lead")).to_have_text(zh("lock_leaving_text"))
    expect(pc.locator("input:checked")).to_have_count(0)
    turned_away = len(intake.posted("/s/critical"))
    intake.bent["/s/critical"] = []
    pc.wait_for_selector("#door")
    assert len(intake.posted("/s/critical")) > turned_away
    assert {body["answer"] for body in intake.posted("/s/critical")} == {2}


def test_leaving_without_network_waits_for_it(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    pc.context.set_offline(True)
    pc.locator(".question").nth(8).locator("label").nth(2).click()
    expect(pc.locator(".care-status")).to_have_text(zh("care_waiting"))
    pc.click(".rail .link-button")
    expect(pc.locator(".lead")).to_have_text(zh("lock_leaving_text"))
    pc.context.set_offline(False)
    pc.wait_for_selector("#door")
    assert [body["answer"] for body in intake.posted("/s/critical")] == [2]


def test_a_call_for_talk_without_network_says_so_and_goes_out_later(tab, intake):
    intake.is_on_duty = False
    pc = tab(PC)
    begin(pc, intake)
    pc.context.set_offline(True)
    pc.click("#talk")
    pc.click(".panel .main-button")
    expect(pc.locator(".panel")).to_contain_text(zh("talk_waiting"))
    pc.context.set_offline(False)
    expect(pc.locator(".panel")).to_contain_text(zh("talk_off_duty"))
    assert len({body["key"] for body in intake.posted("/s/talk")}) == 1


def test_handing_in_without_network_keeps_the_answers_and_repeats_itself(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    press_keys(pc, "22")
    pc.click(".list-end .main-button")
    pc.context.set_offline(True)
    pc.click(".ending .main-button")
    expect(pc.locator(".sending")).to_contain_text("网络断了")
    expect(pc.locator("body")).not_to_contain_text(zh("done_title"))
    assert len(drafts(pc)) == 1
    pc.context.set_offline(False)
    expect(pc.locator(".receipt-code")).to_be_visible()
    assert drafts(pc) == []


def test_a_busy_intake_is_waited_for_and_saved_is_said_only_then(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    press_keys(pc, "2")
    intake.bent["/s/submit"] = [(503, {"code": "busy", "retry_after": 2})]
    pc.click(".list-end .main-button")
    pc.click(".ending .main-button")
    expect(pc.locator(".sending")).to_contain_text("秒后自动再交")
    expect(pc.locator(".sending")).to_contain_text(zh("send_kept"))
    expect(pc.locator(".receipt-code")).to_have_count(0)
    expect(pc.locator(".receipt-code")).to_be_visible()
    first, second = intake.posted("/s/submit")
    assert first == second


@UNGUARDED
def test_pressing_twice_hands_in_once(tab, intake, is_guarded):
    if not is_guarded:
        intake.weakened["paper.js"] = [("if (this.submission) return;\n    this.frozen", "this.frozen")]
    pc = tab(PC)
    begin(pc, intake)
    press_keys(pc, "2")
    pc.click(".list-end .main-button")
    pc.evaluate("() => { const b = document.querySelector('.ending .main-button'); b.click(); b.click(); }")
    expect(pc.locator(".receipt-code")).to_be_visible()
    pc.wait_for_timeout(200)
    if not is_guarded:
        wait_until(pc, lambda: len(intake.posted("/s/submit")) > 1)
    sheets = intake.posted("/s/submit")
    assert (len(sheets) == 1) is is_guarded
    assert len({sheet["key"] for sheet in sheets}) == 1


def test_a_sheet_that_was_sent_stays_the_same_through_a_reload(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    press_keys(pc, "2")
    intake.bent["/s/submit"] = [(503, {"code": "busy", "retry_after": 60})]
    pc.click(".list-end .main-button")
    pc.click(".ending .main-button")
    expect(pc.locator(".sending")).to_contain_text("秒后自动再交")
    pc.reload()
    expect(pc.locator(".receipt-code")).to_be_visible()
    first, second = intake.posted("/s/submit")
    assert first == second
    pc.reload()
    expect(pc.locator(".receipt-code")).to_have_text("K7P0-2WQX")
    assert len(intake.posted("/s/submit")) == 2


def test_a_different_sheet_under_the_same_key_is_explained(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    press_keys(pc, "2")
    intake.bent["/s/submit"] = [(409, {"code": "changed"})]
    pc.click(".list-end .main-button")
    pc.click(".ending .main-button")
    expect(pc.locator("h1")).to_have_text(zh("changed_title"))
    expect(pc.locator(".receipt-code")).to_have_count(0)
    assert len(drafts(pc)) == 1


def test_an_expired_ticket_asks_for_the_pin_and_goes_on_handing_in(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    press_keys(pc, "23")
    intake.bent["/s/submit"] = [(401, {"code": "ticket_expired"})]
    pc.click(".list-end .main-button")
    pc.click(".ending .main-button")
    expect(pc.locator("h1")).to_have_text(zh("lock_expired_title"))
    pc.fill("#lock_pin", "0000")
    pc.keyboard.press("Enter")
    expect(pc.locator(".lock .notice")).to_have_text(zh("enter_unknown_entry"))
    pc.fill("#lock_pin", "2468")
    pc.keyboard.press("Enter")
    expect(pc.locator(".receipt-code")).to_be_visible()
    first, second = intake.posted("/s/submit")
    assert first == second
    assert first["answers"]["often-9"][:2] == [1, 2]


def test_an_expired_ticket_during_a_critical_answer_delivers_it_after_the_pin(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    intake.bent["/s/critical"] = [(401, {"code": "ticket_expired"})]
    pc.locator(".question").nth(8).locator("label").nth(1).click()
    expect(pc.locator("h1")).to_have_text(zh("lock_expired_title"))
    pc.fill("#lock_pin", "2468")
    pc.keyboard.press("Enter")
    pc.wait_for_selector(".intro")
    wait_until(pc, lambda: len(intake.posted("/s/critical")) == 2)
    first, second = intake.posted("/s/critical")
    assert first == second


# Draft, shared computers.


def test_a_reload_picks_the_draft_up_with_a_kind_word(tab, intake):
    phone = tab(PHONE)
    begin(phone, intake)
    tap_through(phone, 1, 3, option=2)
    expect_question(phone, 4)
    phone.reload()
    expect(phone.locator(".intro")).to_contain_text(zh("resumed"))
    phone.click(".intro .main-button")
    expect_question(phone, 4)
    phone.locator(".foot button").nth(0).tap()
    expect(phone.locator(".option input").nth(2)).to_be_checked()


@UNGUARDED
def test_the_next_pupil_cannot_read_the_draft(tab, intake, is_guarded):
    if not is_guarded:
        intake.weakened["draft.js"] = [("hide(JSON.stringify(content), pad)", "window.btoa(JSON.stringify(content))")]
    pc = tab(PC)
    begin(pc, intake)
    press_keys(pc, "44332211")
    pc.click(".rail .link-button")
    pc.wait_for_selector("#door")
    assert pc.evaluate("sessionStorage.length") == 0
    [record] = drafts(pc)
    raw = base64.b64decode(record.split("|")[2])
    assert (b'"answers"' in raw) is not is_guarded
    if not is_guarded:
        return
    right_pad = intake.pad_of("s-zhang")
    assert reveal(record, right_pad)["answers"][:8] == [3, 3, 2, 2, 1, 1, 0, 0]
    with pytest.raises((UnicodeDecodeError, json.JSONDecodeError)):
        reveal(record, intake.pad_of("s-li"))
    begin(pc, intake, number="08", pin="1357")
    expect(pc.locator("input:checked")).to_have_count(0)
    expect(pc.locator(".rail-count")).to_have_text("已答 0 / 15")
    pc.go_back()
    expect(pc.locator("input:checked")).to_have_count(0)


def test_two_drafts_under_one_pad_share_no_keystream(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    press_keys(pc, "1")
    first = base64.b64decode(drafts(pc)[0].split("|")[2])
    press_keys(pc, "1")
    second = base64.b64decode(drafts(pc)[0].split("|")[2])
    assert first[:16] != second[:16]
    crossed = bytes(a ^ b for a, b in zip(first[24:], second[24:], strict=True))
    assert crossed.count(0) < len(crossed) // 20  # equal keystreams would leave nearly only zeros


def test_the_written_out_sha256_is_sha256(tab, intake):
    pc = tab(PC)
    pc.goto(f"{intake.address}/s/")
    address = pupil_page.static_bundle().address("veil.js")
    for length in (0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000):
        text = bytes(i * 7 % 256 for i in range(length))
        digest = pc.evaluate(
            "async ([address, bytes]) => Array.from((await import(address)).sha256(Uint8Array.from(bytes)))",
            [address, list(text)],
        )
        assert bytes(digest) == hashlib.sha256(text).digest()


@pytest.mark.parametrize(("days", "is_kept"), [(6.9, True), (7.1, False)])
def test_a_draft_older_than_seven_days_is_wiped(tab, intake, days, is_kept):
    pc = tab(PC)
    begin(pc, intake)
    press_keys(pc, "1")
    pc.evaluate(
        """days => { for (const key of Object.keys(localStorage)) { const parts = localStorage[key].split("|");
        parts[1] -= days * 86400000; localStorage[key] = parts.join("|"); } }""",
        days,
    )
    pc.goto(f"{intake.address}/s/")
    assert (len(drafts(pc)) == 1) is is_kept


def test_next_pupil_clears_the_tab_after_the_receipt(tab, intake):
    pc = tab(PC)
    begin(pc, intake)
    press_keys(pc, "2")
    pc.click(".list-end .main-button")
    pc.click(".ending .main-button")
    expect(pc.locator(".done")).to_contain_text("12356")
    pc.click("#talk")
    pc.click(".panel .main-button")
    expect(pc.locator(".panel")).to_contain_text(zh("talk_on_duty"))
    pc.keyboard.press("Escape")
    pc.click(".done .main-button")
    pc.wait_for_selector("#door")
    assert pc.evaluate("sessionStorage.length") == 0
    assert drafts(pc) == []
    expect(pc.locator("#class_code")).to_have_value("A7K3")
    pc.goto(intake.address + intake.paper_path)
    pc.wait_for_selector("#door")


@UNGUARDED
def test_after_five_quiet_minutes_the_answers_are_covered(tab, intake, is_guarded):
    if not is_guarded:
        intake.weakened["lock.js"] = [("< idleMs", "< Infinity")]
    pc = tab(PC)
    pc.clock.install()
    enter(pc, intake)
    pc.click(".intro .main-button")
    pc.keyboard.press("3")
    pc.clock.run_for(1000)
    pc.clock.run_for(4 * 60 * 1000)
    expect(pc.locator("input:checked")).to_have_count(1)
    pc.clock.run_for(70 * 1000)
    expect(pc.locator("input:checked")).to_have_count(0 if is_guarded else 1)
    if not is_guarded:
        return
    expect(pc.locator("h1")).to_have_text(zh("lock_title"))
    session = json.loads(pc.evaluate("sessionStorage['xq-session']"))
    assert (session["pad"], session["ticket"]) == (None, None)
    expect(pc.locator("body")).not_to_contain_text(OFTEN_ITEMS[0][0])
    pc.reload()
    pc.fill("#lock_pin", "2468")
    pc.keyboard.press("Enter")
    expect(pc.locator(".intro")).to_contain_text(zh("resumed"))
    pc.click(".intro .main-button")
    expect(pc.locator("input:checked")).to_have_count(1)


# The door.


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("not_open", "enter_not_open"),
        ("nobody_on_duty", "enter_nobody_on_duty"),
        ("needs_consent", "enter_needs_consent"),
        ("already_submitted", "enter_already_submitted"),
        ("bad_request", "enter_bad_request"),
        ("unknown_entry", "enter_unknown_entry"),
    ],
)
def test_the_door_says_why_not_and_keeps_what_was_typed(tab, intake, code, shown):
    phone = tab(PHONE)
    phone.goto(f"{intake.address}/s/A7K3")
    intake.bent["/s/enter"] = [(403, {"code": code})]
    phone.fill("#number", "07")
    phone.fill("#pin", "99")
    phone.locator("#enter").tap()
    expect(phone.locator("#door_message")).to_have_text(zh(shown))
    expect(phone.locator("#number")).to_have_value("07")
    phone.locator("#language").tap()
    expect(phone.locator("#door_message")).to_have_text(WORDS[shown]["en"])


def test_the_door_says_on_which_day_the_class_sits(tab, intake):
    phone = tab(PHONE)
    phone.goto(f"{intake.address}/s/A7K3")
    intake.bent["/s/enter"] = [(403, {"code": "not_open", "day": "2026-11-25", "hour": "08:00"})]
    phone.fill("#number", "07")
    phone.fill("#pin", "99")
    phone.locator("#enter").tap()
    expect(phone.locator("#door_message")).to_contain_text("你们班是 11月25日星期三 08:00 开始")
    phone.locator("#language").tap()
    expect(phone.locator("#door_message")).to_contain_text(re.compile("Wednesday.*25 November at 08:00"))


def test_the_door_counts_down_when_locked_and_enters_by_itself_when_busy(tab, intake):
    pc = tab(PC)
    pc.goto(f"{intake.address}/s/A7K3")
    intake.bent["/s/enter"] = [(429, {"code": "locked", "retry_after": 90}), (503, {"code": "busy", "retry_after": 1})]
    pc.fill("#number", "07")
    pc.click("#enter")
    expect(pc.locator("#door_message")).to_contain_text("还有空着的格子")
    assert intake.posts == []
    pc.fill("#pin", "2468")
    pc.click("#enter")
    expect(pc.locator("#door_message")).to_contain_text("90 秒后可以再试")
    pc.click("#enter")
    pc.wait_for_selector(".intro")
    assert len(intake.posted("/s/enter")) == 3


def test_the_door_offers_help_lines_where_it_cannot_call_a_teacher(tab, intake):
    phone = tab(PHONE)
    phone.goto(f"{intake.address}/s/")
    phone.locator("#talk").tap()
    expect(phone.locator(".panel")).to_contain_text(zh("talk_door"))
    expect(phone.locator(".panel .call-list a")).to_have_count(4)
    assert intake.posts == []
    phone.keyboard.press("Escape")
    expect(phone.locator(".panel")).to_have_count(0)


# Rules of the house.


def test_the_browser_enforces_the_content_security_policy(tab, intake):
    pc = tab(PC)
    pc.goto(f"{intake.address}/s/")
    pc.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    wait_until(pc, lambda: any("Security Policy" in fault for fault in tab.faults))  # as every other test would see it
    tab.faults.clear()


@pytest.mark.parametrize("device", [PHONE, SMALL, SIDEWAYS, PC], ids=["phone", "small", "sideways", "pc"])
def test_targets_are_large_and_nothing_runs_off_the_screen(tab, intake, device):
    opened = tab(device)
    begin(opened, intake)
    too_small = """() => [...document.querySelectorAll("button, label.option, .hotline")]
      .filter(e => e.offsetParent && e.getBoundingClientRect().height < 47.5).map(e => e.className)"""
    assert opened.evaluate(too_small) == []
    assert opened.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    expect(opened.locator("#talk")).to_be_in_viewport()
    expect(opened.locator(".hotline").nth(3)).to_be_in_viewport()


def _axe_source() -> str:
    places = [Path(os.environ.get("XINQIAO_AXE", "")), *(p / "node_modules/axe-core/axe.min.js" for p in _parents())]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        pytest.skip("axe-core is not installed (npm ci puts it into node_modules)")
    return found.read_text(encoding="utf-8")


def _parents() -> list[Path]:
    return list(Path(__file__).resolve().parents)


def _serious(tab: Page, source: str) -> list[str]:
    tab.wait_for_timeout(300)
    tab.evaluate(source)
    result = tab.evaluate("axe.run()")
    return [
        f"{fault['id']}: {fault['nodes'][0]['html']}"
        for fault in result["violations"]
        if fault["impact"] in {"serious", "critical", "moderate"}
    ]


@pytest.mark.parametrize("device", [PHONE, PC], ids=["phone", "pc"])
def test_axe_finds_nothing(tab, intake, device):
    source = _axe_source()
    opened = tab(device)
    opened.goto(f"{intake.address}/s/A7K3")
    assert _serious(opened, source) == []
    opened.evaluate("document.querySelector('label[for=pin]').remove()")
    assert _serious(opened, source) != []  # axe does see a box without a name
    enter(opened, intake)
    assert _serious(opened, source) == []
    opened.click(".intro .main-button")
    if device is PHONE:
        opened.click(".part .main-button")
        tap_through(opened, 1, 8)
        opened.locator(".option").nth(1).tap()
    else:
        opened.locator(".question").nth(8).locator("label").nth(1).click()
    opened.wait_for_selector(".care-card")
    assert _serious(opened, source) == []
    opened.locator(".care-card .talk-button").click()
    assert _serious(opened, source) == []
