"""The pages on which pupils say something of their own accord, in a browser: what is sent, and what stays."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from xinqiao.care.sheets.pupil import page as pupil_page
from xinqiao.care.sheets.pupil import voice_pages

pytestmark = pytest.mark.browser

WORDS = "我有点害怕"
PAGES = {"/s/help": voice_pages.render_help, "/s/class": voice_pages.render_week, "/s/": pupil_page.render_door}
SAVED = {"receipt": "K7PM-2WQX", "at": "2026-11-23T10:00:00+08:00", "on_duty": True}
WEEK = {"from": "2026-11-23", "until": "2026-11-29", "is_reported": False}


@pytest.fixture
def tab(browser):
    """A phone's tab whose server answers from the lists in `answers`, and keeps what was posted in `posts`."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    opened, bundle = context.new_page(), pupil_page.static_bundle()
    opened.answers, opened.posts = {}, []

    def serve(route):
        path = urlsplit(route.request.url).path
        if route.request.method == "POST":
            opened.posts.append(json.loads(route.request.post_data))
            status, body = opened.answers[path].pop(0)
            route.fulfill(status=status, body=json.dumps(body), content_type="application/json")
        elif path in PAGES:
            route.fulfill(body=PAGES[path](), headers=pupil_page.page_headers(is_immutable=False))
        else:
            file = bundle.files[path.rsplit("/", 1)[-1]]
            route.fulfill(body=file.content, content_type=file.content_type)

    context.route("**/*", serve)
    yield opened
    context.close()


def identify(tab):
    tab.fill("#number", "20260301")
    tab.fill("#pin", "135790")


def test_a_call_goes_out_once_and_nothing_stays(tab):
    tab.answers["/s/call"] = [(503, {"code": "busy"}), (403, {"code": "unknown_entry"}), (200, SAVED)]
    tab.goto("http://voices.test/s/help#A7K3QX")
    expect(tab.locator("#class_code")).to_have_value("A7K3QX")
    assert tab.url == "http://voices.test/s/help"
    tab.locator("input[name=about][value=self]").check()
    tab.locator("input[name=soon][value=now]").check()
    tab.fill("#own_words", WORDS)
    tab.click("#send")
    expect(tab.locator("#voice_message")).to_contain_text("PIN")  # what is open is said, and nothing was sent
    assert tab.posts == []
    identify(tab)
    tab.click("#send")  # busy: tried again by itself, then told that the PIN is wrong
    expect(tab.locator("#voice_message")).to_contain_text("对不上", timeout=20_000)
    expect(tab.locator("#own_words")).to_have_value(WORDS)
    tab.fill("#pin", "246802")
    tab.click("#send")
    expect(tab.locator(".receipt-code")).to_have_text("K7PM-2WQX")
    first, again, last = tab.posts
    assert first == again
    assert first["key"] != last["key"]
    assert {**last, "key": "", "pin": ""} == {**first, "key": "", "pin": ""}
    assert (last["words"], last["soon"], last["is_hurt"], last["class_code"]) == (WORDS, "now", False, "A7K3QX")
    assert WORDS not in tab.content()
    assert tab.evaluate("localStorage.length + sessionStorage.length") == 0
    tab.click("#leave")
    expect(tab.locator("#door")).to_be_visible()


def test_a_report_asks_who_comes_first_and_names_nobody_by_itself(tab):
    tab.answers["/s/week"] = [(403, {"code": "not_committee"}), (200, WEEK), (200, SAVED)]
    tab.goto("http://voices.test/s/class")
    expect(tab.locator("#voice")).to_be_hidden()
    tab.fill("#class_code", "A7K3QX")
    identify(tab)
    tab.click("#enter")
    expect(tab.locator("#entry_message")).to_contain_text("心理委员")
    tab.click("#enter")
    expect(tab.locator("#week_dates")).to_contain_text("11月23日")
    for name, code in (("mood", "good"), ("quarrels", "none"), ("load", "usual"), ("worry", "no")):
        tab.locator(f"input[name={name}][value={code}]").check()
    expect(tab.locator("#mate")).to_be_hidden()
    tab.click("#send")
    expect(tab.locator(".receipt-code")).to_be_visible()
    assert tab.posts[-1]["report"] == {"mood": "good", "quarrels": "none", "load": "usual"}
    assert "report" not in tab.posts[0]
    assert tab.evaluate("localStorage.length + sessionStorage.length") == 0


def test_what_does_not_wait_is_said_before_it_is_sent(tab):
    tab.answers["/s/week"] = [(200, WEEK), (200, SAVED)]
    tab.goto("http://voices.test/s/class#A7K3QX")
    expect(tab.locator("#class_code")).to_have_value("A7K3QX")
    identify(tab)
    tab.click("#enter")
    tab.locator("input[name=worry][value=yes]").check()
    expect(tab.locator("#hurt_now")).to_be_hidden()  # the control
    tab.locator("input[name=kind][value=hurt]").check()
    expect(tab.locator("#hurt_now")).to_be_visible()
    for name, code in (("mood", "low"), ("quarrels", "none"), ("load", "usual")):
        tab.locator(f"input[name={name}][value={code}]").check()
    tab.fill("#mate_who", "坐窗边的她")
    tab.click("#send")
    expect(tab.locator(".receipt-code")).to_be_visible()
    worry = tab.posts[-1]["report"]["worry"]
    assert worry == {"kinds": ["hurt"], "number": "", "who": "坐窗边的她", "words": ""}
