"""The page on which a pupil books an hour or waits for one, in a browser: what is sent, what stands there."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from xinqiao.care.sheets.pupil import hours_page
from xinqiao.care.sheets.pupil import page as pupil_page

pytestmark = pytest.mark.browser

HOURS = "http://hours.test/s/hours"
NOTHING = {"said": "", "free": [], "own": [], "most": 2, "waits": None}
HOUR = {"id": "hour-1", "at": "2026-11-24T13:00", "until": "2026-11-24T13:40", "room": "倾听小屋"}
WAITS = {**NOTHING, "said": "waiting", "waits": {"since": "2026-11-23", "weekdays": "24", "parts": "after_school"}}


@pytest.fixture
def tab(browser):
    """A phone's tab whose server answers from the list `answers`, and keeps what was posted in `posts`."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    opened, bundle = context.new_page(), pupil_page.static_bundle()
    opened.answers, opened.posts = [], []

    def serve(route):
        path = urlsplit(route.request.url).path
        if route.request.method == "POST":
            opened.posts.append(json.loads(route.request.post_data))
            route.fulfill(status=200, body=json.dumps(opened.answers.pop(0)), content_type="application/json")
        elif path == "/s/hours":
            route.fulfill(body=hours_page.render_hours(), headers=pupil_page.page_headers(is_immutable=False))
        else:
            file = bundle.files[path.rsplit("/", 1)[-1]]
            route.fulfill(body=file.content, content_type=file.content_type)

    context.route("**/*", serve)
    yield opened
    context.close()


def go_in(tab, answer):
    tab.answers.append(answer)
    tab.goto(f"{HOURS}#A7K3QX")
    tab.fill("#number", "20260301")
    tab.fill("#pin", "135790")
    tab.click("#enter")
    expect(tab.locator("#hours")).to_be_visible()


def test_a_pupil_goes_on_the_waiting_list_changes_the_wish_and_comes_off(tab, tmp_path):
    go_in(tab, NOTHING)
    expect(tab.locator("#wait_title")).to_contain_text("排候补")
    expect(tab.locator("#wait_leave")).to_be_hidden()
    expect(tab.locator("#wait_send")).to_be_visible()  # no time is free: it stands open
    tab.locator("input[name=wait_day][value='2']").check()
    tab.locator("input[name=wait_day][value='4']").check()
    tab.locator("input[name=wait_part][value=after_school]").check()
    tab.screenshot(path=tmp_path / "on.png", full_page=True)
    tab.answers += [WAITS, {**WAITS, "waits": {**WAITS["waits"], "weekdays": "4"}}, {**NOTHING, "said": "left"}]
    tab.click("#wait_send")
    expect(tab.locator("#wait_title")).to_contain_text("你在候补名单上")
    expect(tab.locator("#wait_since")).to_contain_text("11月23日")
    expect(tab.locator("#said")).to_contain_text("排上候补")
    assert {key: tab.posts[1].get(key) for key in ("wait", "weekdays", "parts", "book")} == {
        "wait": True, "weekdays": "24", "parts": "after_school", "book": None,
    }  # fmt: skip
    expect(tab.locator("input[name=wait_day][value='2']")).to_be_checked()
    tab.screenshot(path=tmp_path / "waits.png", full_page=True)
    tab.locator("input[name=wait_day][value='2']").uncheck()
    expect(tab.locator("#wait_send")).to_have_text("改一下合适的时间")
    tab.click("#wait_send")
    expect(tab.locator("input[name=wait_day][value='2']")).not_to_be_checked()
    assert (tab.posts[2]["weekdays"], tab.posts[2]["key"] != tab.posts[1]["key"]) == ("4", True)
    tab.click("#wait_leave")
    expect(tab.locator("#said")).to_contain_text("去掉了")
    expect(tab.locator("#wait_title")).to_contain_text("排候补")
    assert tab.posts[3]["leave"] is True
    expect(tab.locator("input[name=wait_part]:checked")).to_have_count(0)
    assert tab.evaluate("localStorage.length + sessionStorage.length") == 0


def test_who_waits_sees_the_hour_that_was_given_or_books_a_free_one(tab, tmp_path):
    go_in(tab, {**WAITS, "said": "", "free": [HOUR]})
    tab.screenshot(path=tmp_path / "free.png", full_page=True)
    tab.answers.append({**NOTHING, "said": "booked", "own": [HOUR]})
    tab.locator("input[name=slot]").check()
    tab.click("#send")
    expect(tab.locator("#own_list")).to_contain_text("倾听小屋")
    expect(tab.locator("#wait_leave")).to_be_hidden()


def test_where_times_are_free_the_list_stands_folded(tab, tmp_path):
    go_in(tab, {**NOTHING, "free": [HOUR]})
    expect(tab.locator("#wait_send")).to_be_hidden()
    tab.click("#wait_title")
    expect(tab.locator("#wait_send")).to_be_visible()
    tab.screenshot(path=tmp_path / "given.png", full_page=True)
