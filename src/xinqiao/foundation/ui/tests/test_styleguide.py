"""The style page and the base pages: whole, without anything inline, in both languages."""

import re
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from xinqiao.foundation.ui import context, doors, shell
from xinqiao.foundation.ui.tests.style_sample import style_sample

ERROR_PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"]
VOID = {"meta", "link", "input", "img", "br", "hr"}


class Reading(HTMLParser):
    """Notes what must not be there, and whether elements nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.open: list[str] = []
        self.headings = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.headings += tag == "h1"
        self.faults += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.faults += [f"{tag} {value}" for value in given.values() if re.match(r"(?:https?:)?//", value or "")]
        if tag == "script" and not given.get("src"):
            self.faults.append("inline script")
        if tag == "style":
            self.faults.append("inline style")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"stray </{tag}>")


def style_page(request) -> str:
    doors.register_door("home", label="Door", url_name="set_language", icon="home", order=1, is_open=lambda _r: True)
    shell.register_identity(lambda _r: shell.Identity("周蕙", "桐溪初级中学", "心理教师"))
    shell.register_notices(lambda _r: "/notices/")
    return render_to_string("ui/styleguide.html", style_sample(), request)


def test_the_style_page_is_whole_and_has_nothing_inline(request_at, language):
    html = style_page(request_at("/style/"))
    reading = Reading(html)
    assert reading.faults == []
    assert reading.open == []
    assert reading.headings == 1
    assert f'<html lang="{language}">' in html


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="x">',
        '<p onclick="x()">',
        "<script>x</script>",
        '<img src="https://a.example/x">',
        "<p></div>",
        "<div>",
    ],
)
def test_the_reading_finds_what_is_planted(planted):
    reading = Reading(planted)
    assert reading.faults or reading.open


def test_the_chinese_page_shows_no_english_sentence(request_at):
    from django.utils import translation

    with translation.override("zh-hans"):
        html = style_page(request_at("/style/"))
    shown = re.sub(r"<[^>]+>", " ", html[html.index("<body") :])
    assert re.findall(r"[A-Za-z]+(?: [a-z]+)+", shown) == []


def test_ids_of_the_style_page_are_unique(request_at):
    ids = re.findall(r'\sid="([^"]+)"', style_page(request_at("/style/")))
    assert len(ids) == len(set(ids))


def test_who_reads_and_which_doors_stand_in_the_header(request_at):
    html = style_page(request_at("/style/"))
    assert html.count("周蕙") == 2  # the side of a wide screen, the menu of a narrow one
    assert html.count("Door") == 2
    assert 'data-url="/notices/"' in html


def test_nobody_signed_in_sees_no_door_and_asks_for_no_notice(request_at):
    doors.register_door("home", label="Door", url_name="set_language", icon="home", order=1, is_open=lambda _r: True)
    shell.register_notices(lambda _r: "/notices/")
    html = render_to_string("ui/styleguide.html", style_sample(), request_at("/style/"))
    assert "Door" not in html
    assert "/notices/" not in html


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_error_pages_need_no_request_and_say_what_to_do(name, language):
    html = render_to_string(name)
    reading = Reading(html)
    assert reading.faults == []
    assert reading.open == []
    assert reading.headings == 1
    assert ("可以这样做" if language == "zh-hans" else "What helps:") in html


@pytest.mark.parametrize("base", ["ui/bare.html", "ui/printed.html", "ui/confirm.html"])
def test_other_bases_are_whole(base, request_at, language):
    reading = Reading(render_to_string(base, {"question": "?", "confirm_label": "!"}, request_at("/")))
    assert reading.faults == []
    assert reading.open == []


def test_a_page_that_asks_nothing_of_the_shell_builds_none(request_at):
    def refuse(_request):
        message = "the shell was built for nothing"
        raise AssertionError(message)

    shell.register_identity(refuse)
    context.shell(request_at("/"))
    with pytest.raises(AssertionError):
        render_to_string("ui/base.html", {}, request_at("/"))


@pytest.mark.parametrize(
    ("given", "is_demo", "shown"), [("Rehearsal", False, True), ("", True, True), ("", False, False)]
)
def test_the_banner_says_what_this_installation_is(settings, request_at, given, is_demo, shown):
    settings.DEPLOY_BANNER, settings.XINQIAO_DEMO = given, is_demo
    html = render_to_string("ui/bare.html", {}, request_at("/"))
    assert ("xq-deploy" in html) == shown
    assert not given or given in html
