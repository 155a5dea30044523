"""The front page of each role, in both languages; what an anonymous visitor sees."""

import pytest

from tests.conftest import PASSWORD
from xinqiao.doors.demo.cast import read_city

LOGINS = [s.login for s in read_city().staff if s.at not in ("songhu-senior", "songhu-vocational", "linxi-college")]


@pytest.mark.parametrize("login", LOGINS)
def test_everyone_who_signs_in_has_a_front_page(client, cast, login):
    client.force_login(cast.users[login])
    page = client.get("/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "今日" in text
    assert "xq-panel" in text or "xq-empty" in text, "only a title"


def test_the_front_page_speaks_english(client, cast):
    client.force_login(cast.users["psych.songhu"])
    client.cookies["xinqiao_language"] = "en"
    assert "Whom to talk to first" in client.get("/").content.decode()


def test_a_visitor_is_shown_both_doors_and_no_login_outside_a_demo(client, cast):
    page = client.get("/").content.decode()
    assert "/s/" in page
    assert "psych.songhu" not in page


def test_the_demo_city_says_who_one_can_be_and_never_a_password(client, cast, settings):
    settings.XINQIAO_DEMO = True
    page = client.get("/").content.decode()
    assert "psych.songhu" in page
    assert PASSWORD not in page


def test_operation_is_for_the_administrator_alone(client, cast):
    client.force_login(cast.users["admin.linxi"])
    assert client.get("/operation/").status_code == 200
    client.force_login(cast.users["psych.songhu"])
    assert client.get("/operation/").status_code == 403


def test_the_security_officer_is_led_to_the_staff(client, cast):
    client.force_login(cast.users["security.linxi"])
    assert 'href="/staff/">教职工的账号与角色' in client.get("/").content.decode()
