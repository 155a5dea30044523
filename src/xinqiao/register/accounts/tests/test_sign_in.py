"""Pages of signing in, the second factor, sessions of those who see children, and the notices that must not be lost."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.ui import shell
from xinqiao.register.accounts import adapter, limits
from xinqiao.register.accounts.models import User
from xinqiao.register.accounts.presence import MARKS
from xinqiao.register.accounts.tests.conftest import NOW, PASSWORD, SECRET, code_now, enrol

pytestmark = pytest.mark.django_db
with_factor = override_settings(XINQIAO_SECOND_FACTOR=True)
without_factor = override_settings(XINQIAO_SECOND_FACTOR=False)


def where(response) -> str:
    return response.headers.get("Location", "").split("?")[0] if response.status_code == 302 else ""


def events() -> list[str]:
    found = AuditEvent.objects.filter(event__startswith="accounts.").order_by("id")
    return list(found.values_list("event", flat=True))


@without_factor
def test_signing_in_and_out_leaves_two_lines(sign_in, browser):
    assert where(sign_in()) == "/"
    browser.post(reverse("account_logout"))
    assert events() == ["accounts.session.opened", "accounts.session.closed"]
    opened = AuditEvent.objects.get(event="accounts.session.opened")
    assert opened.place
    assert opened.actor_id == User.objects.get(username="psych.songhu").id


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_speak_both_languages(browser, sign_in, language):
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    text = browser.get(reverse("account_login")).content.decode()
    assert ("登录名" in text) is (language == "zh-hans")
    assert ("Sign-in name" in text) is (language == "en")


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_pages_that_make_no_sense_here_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@without_factor
def test_sign_out_everywhere_ends_the_other_browser(sign_in, browser):
    other = Client(headers={"user-agent": "Phone"})
    sign_in()
    sign_in(client=other)
    assert other.get(reverse("mfa_index")).status_code == 200
    browser.post(reverse("account_logout_everywhere"))
    assert "login" in where(other.get(reverse("mfa_index")))


@with_factor
def test_whoever_sees_children_sets_up_the_second_factor_first(sign_in, browser):
    sign_in()
    assert where(browser.get("/")) == reverse("mfa_activate_totp")
    fragment = browser.get("/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.content) == (401, b"")
    page = browser.get(reverse("mfa_activate_totp"))
    assert "data:image/svg+xml" in page.content.decode()
    session = browser.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    done = browser.post(reverse("mfa_activate_totp"), {"code": code_now()})
    assert where(done) == reverse("mfa_view_recovery_codes")
    assert browser.get(reverse("mfa_view_recovery_codes")).content.decode().count("<code>") == 10
    assert browser.get("/").status_code == 200
    assert "accounts.factor.added" in events()


@with_factor
def test_a_researcher_needs_none(sign_in, browser):
    sign_in("research.linxi")
    assert browser.get("/").status_code == 200


@without_factor
def test_control_switched_off_nobody_is_sent_anywhere(sign_in, browser):
    sign_in()
    assert browser.get("/").status_code == 200


@with_factor
def test_the_code_opens_once_and_only_once(cast, sign_in, browser):
    enrol(cast.users["psych.songhu"])
    assert where(sign_in()) == reverse("mfa_authenticate")
    assert browser.get("/").status_code == 200  # a stranger's welcome page
    assert "_auth_user_id" not in browser.session
    code = code_now()
    assert browser.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert where(browser.post(reverse("mfa_authenticate"), {"code": code})) == "/"
    assert browser.get("/").status_code == 200
    thief = Client()
    sign_in(client=thief)
    thief.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" not in thief.session


@with_factor
def test_control_without_the_list_of_used_codes_it_opens_twice(cast, sign_in, browser, monkeypatch):
    monkeypatch.setattr("xinqiao.register.accounts.auth_forms.is_first_use", lambda *_: True)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.TOTP._mark_code_used", lambda *_: True)
    enrol(cast.users["psych.songhu"])
    for client in (browser, Client()):
        sign_in(client=client)
        client.post(reverse("mfa_authenticate"), {"code": code_now()})
        assert "_auth_user_id" in client.session


@with_factor
def test_wrong_codes_make_the_account_wait(cast, sign_in, browser):
    enrol(cast.users["psych.songhu"])
    sign_in()
    for _ in range(limits.FREE_TRIES):
        browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    browser.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert "_auth_user_id" not in browser.session


@with_factor
def test_a_session_from_before_the_factor_is_asked_for_a_code(cast, sign_in, browser):
    sign_in()
    enrol(cast.users["psych.songhu"])
    assert where(browser.get("/")) == reverse("mfa_reauthenticate")
    browser.post(reverse("mfa_reauthenticate"), {"code": code_now()})
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize(("login", "is_kept"), [("psych.songhu", True), ("research.linxi", False)])
@with_factor
def test_who_needs_the_factor_cannot_take_it_off(cast, browser, login, is_kept):
    user = cast.users[login]
    enrol(user)
    browser.force_login(user)
    browser.get("/")
    browser.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=user).exists() is is_kept


def test_the_secret_of_a_factor_is_sealed(cast, monkeypatch):
    row = enrol(cast.users["psych.songhu"])
    assert SECRET not in str(row.data)
    assert adapter.FactorAdapter().decrypt(row.data["secret"]) == SECRET
    monkeypatch.setattr(adapter.FactorAdapter, "encrypt", lambda self, text: text)
    Authenticator.objects.all().delete()
    assert SECRET in str(enrol(cast.users["psych.songhu"]).data), "control: without sealing it is readable"


@without_factor
def test_a_first_password_must_be_changed(cast, sign_in, browser):
    User.objects.filter(username="psych.songhu").update(must_change_password=True)
    sign_in()
    assert where(browser.get("/")) == reverse("account_change_password")
    new = "three-odd-words-Q8"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post(reverse("account_change_password"), form | {"password1": "12345678901"}).status_code == 200
    same = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    assert "不能与现在的密码相同" in browser.post(reverse("account_change_password"), same).content.decode()
    assert User.objects.get(username="psych.songhu").must_change_password
    assert where(browser.post(reverse("account_change_password"), form)) == "/"
    assert browser.get("/").status_code == 200
    assert "accounts.password.changed" in events()
    again = Client()
    sign_in(password=new, client=again)
    assert again.get("/").status_code == 200


@pytest.fixture
def notices_at(monkeypatch):
    """Some URL stands for the page's question for urgent notices."""
    url = reverse("set_language")
    monkeypatch.setattr(shell, "_notices", [lambda request: url])
    return url


@without_factor
def test_asking_for_notices_is_not_presence_but_is_answered_until_the_session_is_old(sign_in, browser, notices_at):
    sign_in()
    for minutes in range(5, 60, 5):
        with clock.frozen(NOW + dt.timedelta(minutes=minutes)):
            browser.get(notices_at)
            assert "_auth_user_id" in browser.session
    with clock.frozen(NOW + dt.timedelta(minutes=60)):
        assert "login" in where(browser.get(reverse("mfa_index")))
    assert events()[-1] == "accounts.session.ended"


@without_factor
def test_notices_end_after_eight_hours(sign_in, browser, notices_at):
    sign_in()
    with clock.frozen(NOW + dt.timedelta(hours=8, minutes=1)):
        browser.get(notices_at)
        assert "_auth_user_id" not in browser.session


@without_factor
def test_control_a_page_is_presence(sign_in, browser, notices_at):
    sign_in()
    for minutes in range(10, 70, 10):
        with clock.frozen(NOW + dt.timedelta(minutes=minutes)):
            assert browser.get(reverse("mfa_index")).status_code == 200


@without_factor
def test_who_sees_no_child_is_not_signed_out_for_idleness(sign_in, browser):
    sign_in("research.linxi")
    with clock.frozen(NOW + dt.timedelta(hours=2)):
        assert browser.get(reverse("mfa_index")).status_code == 200


@without_factor
def test_a_session_without_marks_is_bound_at_its_first_use(cast, browser):
    browser.force_login(cast.users["psych.songhu"])
    assert MARKS not in browser.session
    assert browser.get("/").status_code == 200
    assert browser.session[MARKS]["agent"]
    browser.get(reverse("mfa_index"), headers={"user-agent": "Elsewhere"})
    assert "_auth_user_id" not in browser.session


def test_the_owner_is_told_of_a_stolen_session_and_the_thief_is_not(sign_in, browser):
    sign_in()
    thief = Client(headers={"user-agent": "Thief"})
    thief.cookies["sessionid"] = browser.cookies["sessionid"].value
    stolen = thief.get("/", follow=True).content.decode()
    assert "其他浏览器" not in stolen
    sign_in()
    assert "另一个浏览器" in browser.get("/").content.decode()
    browser.post(reverse("account_logout"))
    sign_in()
    assert "另一个浏览器" not in browser.get("/").content.decode(), "once is enough"


def test_control_a_session_that_grew_old_is_no_theft(sign_in, browser):
    sign_in()
    with clock.frozen(NOW + dt.timedelta(hours=9)):
        browser.get("/")
        sign_in()
        assert "另一个浏览器" not in browser.get("/").content.decode()
