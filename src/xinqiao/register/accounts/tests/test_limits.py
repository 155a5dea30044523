"""Waiting after wrong tries: of an account, never of an address, and apart for a known browser."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.accounts import limits
from xinqiao.register.accounts.adapter import MustWait, StaffAdapter
from xinqiao.register.accounts.models import SignInTally
from xinqiao.register.accounts.tests.conftest import NOW, PASSWORD

pytestmark = pytest.mark.django_db


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_wait_grows_and_stops_growing():
    assert [limits.wait_minutes(n) for n in range(4, 12)] == [0, 1, 2, 4, 8, 15, 15, 15]


@pytest.mark.parametrize(("failures", "is_let_in"), [(4, True), (5, False)])
def test_five_wrong_tries_make_the_account_wait(sign_in, browser, failures, is_let_in):
    for _ in range(failures):
        sign_in(password="wrong-one")
    response = sign_in()
    assert is_in(browser) is is_let_in
    if not is_let_in:
        assert "1 分钟后再试" in response.content.decode()


def test_tries_sent_at_the_same_moment_are_not_looked_at_more_often(cast, rf):
    """Each is on its way before any has been found wrong."""
    request = rf.post(reverse("account_login"))
    for _ in range(5):
        StaffAdapter(request).pre_authenticate(request, username="psych.songhu", password="wrong-one")
    with pytest.raises(MustWait):
        StaffAdapter(request).pre_authenticate(request, username="psych.songhu", password="wrong-one")


def test_after_the_wait_the_right_password_opens_and_the_row_ends(sign_in, browser):
    for _ in range(5):
        sign_in(password="wrong-one")
    with clock.frozen(NOW + dt.timedelta(seconds=61)):
        sign_in()
        assert is_in(browser)
    assert not SignInTally.objects.filter(failures__gt=0).exists()


def test_control_without_the_wait_the_right_password_opens_at_once(sign_in, browser, monkeypatch):
    monkeypatch.setattr(limits, "wait_minutes", lambda failures: 0)
    for _ in range(5):
        sign_in(password="wrong-one")
    sign_in()
    assert is_in(browser)


def test_a_colleague_at_the_same_address_is_not_kept_waiting(sign_in, browser):
    for _ in range(30):
        sign_in(password="wrong-one")
    colleague = Client()
    sign_in("head.songhu", client=colleague)
    assert is_in(colleague)


def test_guessing_elsewhere_does_not_lock_the_known_browser_out(sign_in, browser):
    sign_in()
    browser.post(reverse("account_logout"))
    stranger = Client()
    for _ in range(9):
        sign_in(password="wrong-one", client=stranger)
    sign_in(client=stranger)
    assert not is_in(stranger)
    sign_in()
    assert is_in(browser)


def test_the_known_browser_waits_for_its_own_guesses(sign_in, browser):
    sign_in()
    browser.post(reverse("account_logout"))
    for _ in range(5):
        sign_in(password="wrong-one")
    sign_in()
    assert not is_in(browser)


@pytest.mark.parametrize(("failures", "is_changed"), [(4, True), (5, False)])
def test_a_stolen_session_does_not_serve_for_guessing(cast, sign_in, browser, failures, is_changed):
    sign_in()
    new = {"password1": "three-odd-words-Q8", "password2": "three-odd-words-Q8"}
    for _ in range(failures):
        browser.post(reverse("account_change_password"), new | {"oldpassword": "a-guess"})
    browser.post(reverse("account_change_password"), new | {"oldpassword": PASSWORD})
    user = cast.users["psych.songhu"]
    user.refresh_from_db()
    assert user.check_password(new["password1"]) is is_changed


def test_a_forged_cookie_is_no_known_browser(sign_in, browser):
    browser.cookies[limits.COOKIE] = "0123456789abcdef." + limits._index("known", "psych.songhu").hex()
    for _ in range(5):
        sign_in(password="wrong-one")
    assert SignInTally.objects.get().index == limits._index("password", "psych.songhu")


def test_the_tally_names_nobody_and_the_audit_only_those_who_exist(sign_in):
    sign_in("my-secret-typed-here", "x")
    sign_in(password="wrong-one")
    events = AuditEvent.objects.filter(event="accounts.sign_in.failed").order_by("id")
    assert [event.subject_id is None for event in events] == [True, False]
    assert all("my-secret" not in event.facts for event in events)
    assert b"my-secret" not in b"".join(bytes(row.index) for row in SignInTally.objects.all())


def test_old_tallies_are_forgotten(sign_in):
    sign_in(password="wrong-one")
    assert limits.forget_old_tallies(NOW + dt.timedelta(hours=1)) == 0
    assert limits.forget_old_tallies(NOW + dt.timedelta(hours=3)) == 1
