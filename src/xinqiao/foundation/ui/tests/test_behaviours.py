"""The behaviours in a real browser, under the content security policy, against a server that can fall silent."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import expect

from xinqiao.foundation.ui import shell
from xinqiao.foundation.ui.notices import MAX_POLL_SECONDS, Notice, NoticeFeed
from xinqiao.foundation.ui.tests.style_sample import style_sample

pytestmark = pytest.mark.browser

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class School(ThreadingHTTPServer):
    """Serves one page, the static files and the notices; tests change what it answers."""

    page = ""
    notices: list[Notice] = []
    notices_status = 200
    asked = 0
    region_asked = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


def region(turn: int) -> str:
    """Return a part of a page that asks again by itself, as the progress of a screening does."""
    return (
        '<div id="region" hx-get="/region/" hx-trigger="every 50ms" hx-swap="outerHTML">'
        f'<a href="/there/">七年级(4)班</a> <span>{turn}</span></div>'
    )


class Answering(BaseHTTPRequestHandler):
    server: School

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/notices/":
            self.server.asked += 1
            body = json.dumps(NoticeFeed(self.server.notices).as_json()).encode()
            self.answer(self.server.notices_status, "application/json", body)
        elif path == "/region/":
            self.server.region_asked += 1
            self.answer(200, "text/html; charset=utf-8", region(self.server.region_asked).encode())
        elif path.startswith("/static/"):
            file = Path(apps.get_app_config("ui").path) / path.lstrip("/")
            body = file.read_bytes() if file.is_file() else b""
            self.answer(200, TYPES[file.suffix], body)
        else:
            self.answer(200, "text/html; charset=utf-8", self.server.page.encode())

    def answer(self, status, content_type, body):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Security-Policy", POLICY)
        if status == 302:
            self.send_header("Location", "/accounts/login/")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Keeps quiet."""


@pytest.fixture
def school() -> Iterator[School]:
    shell.register_identity(lambda _r: shell.Identity("周蕙", "桐溪初级中学", "心理教师"))
    shell.register_notices(lambda _r: "/notices/")
    server = School(("127.0.0.1", 0), Answering)
    with translation.override("zh-hans"):
        server.page = render_to_string("ui/styleguide.html", style_sample(), RequestFactory().get("/style/"))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(school, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: page.errors.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(f"{school.address}/style/")
    page.wait_for_selector("[data-behaviour=print]:not([hidden])")
    yield page
    context.close()


def ask_now(page):
    page.evaluate("window.dispatchEvent(new Event('online'))")


def test_nothing_breaks_the_policy(page):
    assert page.errors == []


def test_the_policy_would_be_felt(school, page):
    school.page = school.page.replace("</main>", "<script>window.planted = 1</script></main>")
    page.reload()
    assert any("Content Security Policy" in error for error in page.errors)
    assert page.evaluate("window.planted") is None


def test_a_notice_turns_the_page_red_and_sounds_once_allowed(school, page):
    sound_row = page.locator("[data-part=sound]")
    sound_row.wait_for(state="visible")
    school.notices = [Notice("1", "七(3)班 一名学生", "/red/", "red", 11)]
    ask_now(page)
    red = page.locator("[data-part=red]")
    red.wait_for(state="visible")
    assert "有 1 条紧急提醒等你处理" in red.inner_text()
    assert "剩 11 分钟" in red.inner_text()
    expect(page).to_have_title(re.compile("1 条紧急"))
    page.locator("[data-part=enable]").click()
    sound_row.wait_for(state="hidden")


def test_a_list_says_that_it_is_older_than_the_notices(school, page):
    note = page.locator(".xq-changed")
    ask_now(page)
    expect(note).to_be_hidden()
    school.notices = [Notice("1", "七(3)班 一名学生", "/red/", "red", 11)]
    ask_now(page)
    expect(note).to_be_visible()
    with page.expect_navigation():
        note.get_by_role("link", name="重新显示").click()
    page.locator("[data-part=red]").wait_for(state="visible")
    expect(page.locator(".xq-changed")).to_be_hidden()  # control: what was there when the list was made is no change
    school.notices = []
    ask_now(page)
    expect(page.locator(".xq-changed")).to_be_visible()


def press_while_it_asks(page, link, ask):
    """Hold the pointer on a link as a hand does, while what it stands in is asked for again."""
    link.hover()
    page.mouse.down()
    ask()
    page.mouse.up()


STATIC = "static/ui"


def rewritten(page, file, words, instead):
    """Serve a script as if some words of it were others."""
    whole = (Path(apps.get_app_config("ui").path) / STATIC / file).read_text(encoding="utf-8")
    assert words in whole
    body = whole.replace(words, instead)
    page.route(f"**/{file}", lambda route: route.fulfill(content_type="text/javascript", body=body))


@pytest.mark.parametrize("guard", ["guarded", "control"])
def test_a_click_on_a_red_notice_is_not_lost_to_the_next_one(school, page, guard):
    school.notices = [Notice("1", "七(3)班 一名学生", "/red/", "red", 11)]
    if guard == "control":
        rewritten(page, "behaviours/poll-notices.js", "standing.get(String(notice.id)) || ", "")
    page.reload()
    link = page.locator("[data-part=list] a").first
    link.wait_for()

    def another():
        school.notices = [Notice(number, f"七({number})班 一名学生", "/red/", "red", 9) for number in "12"]
        ask_now(page)
        expect(page.locator("[data-part=list]")).to_contain_text("七(2)班")
        expect(page.locator("[data-part=list]")).to_contain_text("剩 9 分钟")

    press_while_it_asks(page, link, another)
    if guard == "control":
        page.wait_for_timeout(500)
        assert page.url == f"{school.address}/style/"
    else:
        expect(page).to_have_url(f"{school.address}/red/")


HOLDS_NOTHING = "export async function released() {}"


def held(school, page, guard):
    """Show the page anew, with or without the piece that holds still, and press its first link of the text."""
    if guard == "control":
        page.route("**/hold-still.js", lambda it: it.fulfill(content_type="text/javascript", body=HOLDS_NOTHING))
    school.page = school.page.replace("</h1>", '</h1><a id="there" href="/there/">七年级(4)班</a>', 1)


def is_followed(school, page, guard):
    if guard == "control":
        page.wait_for_timeout(500)
        return page.url != f"{school.address}/style/"
    expect(page).to_have_url(f"{school.address}/there/")
    return True


@pytest.mark.parametrize("guard", ["guarded", "control"])
def test_a_notice_that_comes_moves_nothing_away_under_a_finger(school, page, guard):
    held(school, page, guard)
    page.reload()
    page.locator("[data-part=sound]").wait_for(state="visible")
    page.locator("#there").hover()
    page.mouse.down()
    school.notices = [Notice("1", "七(3)班 一名学生", "/red/", "red", 11)]
    with page.expect_response("**/notices/"):
        ask_now(page)
    page.wait_for_timeout(300)
    page.mouse.up()
    assert is_followed(school, page, guard) is (guard == "guarded")


def test_a_resting_finger_does_not_hide_a_notice_for_long(school, page):
    held(school, page, "guarded")
    page.reload()
    page.locator("#there").hover()
    page.mouse.down()
    school.notices = [Notice("1", "七(3)班 一名学生", "/red/", "red", 11)]
    ask_now(page)
    expect(page.locator("[data-part=red]")).to_be_visible(timeout=15000)


@pytest.mark.parametrize("guard", ["guarded", "control"])
def test_the_row_of_the_sound_moves_nothing_away_under_a_finger(school, page, guard):
    held(school, page, guard)
    slow = "setTimeout(resolve, 1500)"  # the page asks for its sound while it is already used
    rewritten(page, "behaviours/two-tone.js", "setTimeout(resolve, 150)", slow)
    page.reload()
    page.locator("#there").hover()
    page.mouse.down()
    page.wait_for_timeout(1800)
    page.mouse.up()
    assert is_followed(school, page, guard) is (guard == "guarded")


@pytest.fixture
def live(school, browser):
    """Return a function that opens a page whose region asks again every 50 ms, with or without the piece under test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})

    def open_page(guard: str):
        page = context.new_page()
        if guard == "control":
            page.route("**/hold-still.js", lambda it: it.fulfill(content_type="text/javascript", body=HOLDS_NOTHING))
        school.page = school.page.replace("</h1>", "</h1>" + region(0), 1)
        page.goto(f"{school.address}/style/")
        answers(school, page)
        return page

    yield open_page
    context.close()


def answers(school, page):
    """Wait until the region has asked and been answered several times."""
    enough = school.region_asked + 4
    while school.region_asked < enough:
        page.wait_for_timeout(50)


@pytest.mark.parametrize("guard", ["guarded", "control"])
def test_what_asks_by_itself_holds_still_under_a_finger(school, live, guard):
    page = live(guard)
    press_while_it_asks(page, page.locator("#region a"), lambda: answers(school, page))
    if guard == "guarded":
        expect(page).to_have_url(f"{school.address}/there/")
    else:
        answers(school, page)
        assert page.url == f"{school.address}/style/"  # pressed on one element, let go over another: no click


@pytest.mark.parametrize("guard", ["guarded", "control"])
def test_what_asks_by_itself_leaves_the_keyboard_where_it_stood(school, live, guard):
    page = live(guard)
    before = page.locator("#region span").inner_text()
    page.locator("#region a").focus()
    answers(school, page)
    expect(page.locator("#region span")).not_to_have_text(before)
    where = page.evaluate("document.activeElement.getAttribute('href')")
    assert where == (None if guard == "control" else "/there/")


def test_what_was_acknowledged_is_calm_again(school, page):
    school.notices = [Notice("1", "七(3)班 一名学生", "/red/", "red", 11)]
    ask_now(page)
    page.locator("[data-part=red]").wait_for(state="visible")
    school.notices = [Notice("1", "七(3)班 一名学生", "/red/", "red", 11, is_acknowledged=True)]
    ask_now(page)
    page.locator("[data-part=red]").wait_for(state="hidden")


def test_a_title_cannot_bring_markup(school, page):
    school.notices = [Notice("1", "<img src=x onerror=alert(1)>", "/red/", "red")]
    ask_now(page)
    page.locator("[data-part=list] a").wait_for()
    assert page.locator("[data-part=list] img").count() == 0


@pytest.mark.parametrize(
    ("status", "words"), [(302, "登录已失效"), (401, "登录已失效"), (403, "身份有变化"), (500, "网络中断")]
)
def test_it_says_when_notices_no_longer_arrive(school, page, status, words):
    lost = page.locator("[data-part=lost]")
    assert lost.is_hidden()
    school.notices_status = status
    ask_now(page)
    lost.wait_for(state="visible")
    assert words in lost.inner_text()
    school.notices_status = 200
    ask_now(page)
    lost.wait_for(state="hidden")


def test_it_says_when_the_network_is_gone(page):
    page.context.set_offline(True)
    ask_now(page)
    lost = page.locator("[data-part=lost]")
    lost.wait_for(state="visible")
    assert "网络中断" in lost.inner_text()


@pytest.mark.slow
def test_it_asks_by_itself_in_time(school, page):
    before = school.asked
    page.wait_for_timeout((MAX_POLL_SECONDS + 1) * 1000)
    assert school.asked > before


def test_a_question_is_a_dialog_and_escape_goes_back_to_its_button(page):
    page.locator(".xq-confirm summary").click()
    page.locator("dialog[open]").wait_for()
    assert page.locator("dialog form").get_attribute("action") == "/close/"
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_without_scripts_the_question_opens_in_place(school, browser):
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{school.address}/style/")
    plain.locator(".xq-confirm summary").click()
    assert plain.locator(".xq-confirm form button[type=submit]").is_visible()
    assert plain.locator("[data-behaviour=print]").is_hidden()


def test_copy_and_file_say_what_happened(page):
    page.locator(".xq-copy button").click()
    expect(page.locator(".xq-copy [data-part=said]")).not_to_be_empty()
    page.set_input_files(".xq-drop input", {"name": "七年级.csv", "mimeType": "text/csv", "buffer": b"x" * 2400})
    assert page.locator(".xq-drop [data-part=chosen]").inner_text() == "七年级.csv（2 kB）"


def test_nothing_is_wider_than_a_phone(school, page):
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
