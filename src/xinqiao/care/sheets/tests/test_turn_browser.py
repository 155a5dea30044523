"""A borrowed device in turn, in a real browser: after a receipt nothing of the pupil is anywhere.

Each guarantee is told again with its guard taken out of the script, and the same look finds what was left.
"""

import json

import pytest
from playwright.sync_api import Page, expect

from xinqiao.care.sheets.tests.fake_intake import FakeIntake
from xinqiao.care.sheets.tests.test_pupil_page_browser import PC, PHONE, intake, press_keys, tab, zh

pytestmark = pytest.mark.browser
__all__ = ["intake", "tab"]  # fixtures

NUMBER, PIN, NAME, SITTING, RECEIPT = "20267301", "864213", "王*", "s-wang", "K7P0-2WQX"
OF_THE_PUPIL = (NUMBER, PIN, NAME, SITTING, RECEIPT)
EVERYTHING_KEPT = """async () => JSON.stringify([
  Object.assign({}, localStorage), Object.assign({}, sessionStorage), document.cookie, history.state, location.href,
  indexedDB.databases ? await indexedDB.databases() : [], window.caches ? await caches.keys() : [],
])"""
EVERYTHING_SHOWN = """() => document.documentElement.outerHTML
  + [...document.querySelectorAll("input, select")].map((box) => box.value).join("|")"""


def go_in(device: Page, number: str = NUMBER, pin: str = PIN) -> None:
    device.fill("#number", number)
    device.fill("#pin", pin)
    device.keyboard.press("Enter")
    expect(device.locator(".intro")).to_be_visible()


def begin_turn(device: Page, intake: FakeIntake, asked: str = "turn=2") -> None:
    device.goto(f"{intake.address}/s/A7K3?{asked}")
    expect(device.locator("#turn")).to_contain_text("已交 0 份")


def hand_in(device: Page) -> None:
    """Answer one question by keyboard and hand the sheet in as it is."""
    device.locator(".intro .main-button").click()
    press_keys(device, "2")
    device.locator(".list-end .main-button").click()
    device.locator(".ending .main-button").click()
    expect(device.locator(".receipt-code")).to_have_text(RECEIPT)


def traces(found: str) -> list[str]:
    return [word for word in OF_THE_PUPIL if word in found]


def nothing_is_kept(device: Page) -> None:
    """Nothing of the pupil in any storage, cookie, cache, address or history state; and no draft of anybody."""
    kept = device.evaluate(EVERYTHING_KEPT)
    assert traces(kept) == []
    assert "xq-draft" not in kept


def nothing_is_shown(device: Page) -> None:
    assert traces(device.evaluate(EVERYTHING_SHOWN)) == []


def next_pupil(device: Page) -> None:
    device.locator(".done .main-button").click()
    expect(device.locator("#number")).to_be_focused()
    expect(device.locator(".door h1")).to_have_text(zh("turn_title"))


def test_after_a_receipt_nothing_of_the_pupil_is_anywhere(tab, intake):
    device = tab(PC)
    begin_turn(device, intake)
    go_in(device)
    assert traces(device.evaluate(EVERYTHING_KEPT)) != []  # the look does find a pupil who is answering
    hand_in(device)
    nothing_is_kept(device)
    next_pupil(device)
    nothing_is_kept(device)
    nothing_is_shown(device)
    expect(device.locator("#turn")).to_contain_text("这台设备已交 1 份")
    expect(device.locator("#class_code")).to_have_value("A7K3")
    device.go_back()
    nothing_is_shown(device)
    device.go_forward()
    nothing_is_shown(device)
    device.goto(f"{intake.address}{intake.paper_path}")  # the paper's own address leads back to the door
    expect(device.locator("#turn")).to_contain_text("已交 1 份")
    nothing_is_shown(device)


@pytest.mark.parametrize(
    ("script", "guard", "instead"),
    [
        ("paper.js", "if (this.turn) {\n      this.makeRoom(shown);", "if (false) {\n      this.makeRoom(shown);"),
        ("paper.js", "    wipeDraft(this.session.sitting);\n", ""),
        ("paper.js", "    endSession();\n    this.session = { class_code", "    this.session = { class_code"),
    ],
    ids=["no room made", "draft left", "session left"],
)
def test_control_with_the_wipe_switched_off_the_pupil_is_found(tab, intake, script, guard, instead):
    intake.weakened[script] = [(guard, instead)]
    device = tab(PC)
    begin_turn(device, intake)
    go_in(device)
    hand_in(device)
    with pytest.raises(AssertionError):
        nothing_is_kept(device)


def test_no_step_back_leads_to_an_earlier_pupil(tab, intake):
    device = tab(PC)
    begin_turn(device, intake)
    steps = device.evaluate("history.length")
    go_in(device)
    hand_in(device)
    next_pupil(device)
    assert device.evaluate("history.length") == steps


def test_control_where_the_door_is_left_by_a_step_there_is_one_to_go_back(tab, intake):
    intake.weakened["door.js"] = [("window.location.replace(session.paper)", "window.location.assign(session.paper)")]
    device = tab(PC)
    begin_turn(device, intake)
    steps = device.evaluate("history.length")
    go_in(device)
    assert device.evaluate("history.length") > steps


@pytest.mark.parametrize("is_in_turn", [True, False], ids=["in turn", "control: one's own device"])
def test_untouched_it_goes_back_to_the_door_and_the_draft_waits_for_its_pupil(tab, intake, is_in_turn):
    device = tab(PC)
    device.clock.install()
    device.goto(f"{intake.address}/s/A7K3{'?turn=2' if is_in_turn else ''}")
    go_in(device)
    device.locator(".intro .main-button").click()
    press_keys(device, "2")
    device.clock.run_for(130 * 1000)
    if not is_in_turn:
        expect(device.locator("input:checked")).to_have_count(1)  # five minutes there, and a PIN on the same page
        return
    expect(device.locator(".door h1")).to_have_text(zh("turn_title"))
    nothing_is_shown(device)
    session = device.evaluate("JSON.stringify(Object.assign({}, sessionStorage))")
    assert traces(session) == []
    go_in(device)
    expect(device.locator(".intro")).to_contain_text(zh("resumed"))


def test_the_receipt_makes_room_by_itself(tab, intake):
    device = tab(PC)
    device.clock.install()
    begin_turn(device, intake)
    go_in(device)
    hand_in(device)
    device.clock.run_for(50 * 1000)
    expect(device.locator(".door h1")).to_have_text(zh("turn_title"))
    nothing_is_shown(device)


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_a_call_for_help_on_its_way_is_waited_for(tab, intake, is_guarded):
    if not is_guarded:
        waits = "if (this.outbox.letters.length || this.talk.isOpen()) window"
        intake.weakened["paper.js"] = [(waits, "if (false) window")]
    device = tab(PC)
    device.clock.install()
    begin_turn(device, intake)
    go_in(device)
    hand_in(device)
    intake.bent["/s/talk"] = [(503, {"code": "busy"})] * 1000
    device.locator("#talk").click()
    device.locator(".panel .main-button").click()
    expect(device.locator(".panel")).to_contain_text(zh("talk_waiting"))
    device.keyboard.press("Escape")
    device.clock.run_for(60 * 1000)
    if not is_guarded:
        expect(device.locator(".door h1")).to_have_text(zh("turn_title"))
        return
    expect(device.locator(".receipt-code")).to_be_visible()
    intake.bent["/s/talk"].clear()
    device.clock.run_for(60 * 1000)
    expect(device.locator(".door h1")).to_have_text(zh("turn_title"), timeout=30_000)


def test_a_teacher_begins_it_at_the_door_sets_its_minutes_and_ends_it(tab, intake):
    device = tab(PHONE)
    device.goto(f"{intake.address}/s/A7K3")
    expect(device.locator("#turn")).to_be_hidden()
    device.locator("#turn_start").click()
    expect(device.locator("#turn")).to_contain_text("班级码 A7K3")
    expect(device.locator("#class_code")).to_be_hidden()
    device.locator("#turn summary").click()
    device.select_option("#turn_minutes", "5")
    assert json.loads(device.evaluate("localStorage['xq-turn']")) == {"class_code": "A7K3", "minutes": 5, "count": 0}
    device.locator("#language").click()
    expect(device.locator("#turn")).to_contain_text("0 handed in on this device")
    device.goto(f"{intake.address}/s/")
    expect(device.locator("#turn")).to_contain_text("A7K3")
    device.locator("#turn summary").click()
    device.locator("#turn button").click()
    expect(device.locator("#class_code")).to_be_visible()
    assert device.evaluate("localStorage['xq-turn'] || ''") == ""
