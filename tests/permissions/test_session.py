"""A session is worth as much as its owner's presence: stolen, stale, signed-out and outdated ones open nothing."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from tests.conftest import NOW
from tests.permissions.conftest import Walk
from tests.permissions.table import ANONYMOUS, NO_ROLE, read_canary_table
from tests.permissions.test_canaries import CARE
from tests.permissions.walking import Cell, Walker, told
from tests.permissions.world import PASSWORD, READERS, World
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.models import Membership
from xinqiao.register.people.models import Staff

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("permissions")]  # one worker, so one walk
LAB = "Mozilla/5.0 (X11; Linux x86_64) Lab"
THIEF = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Elsewhere"
DEEP = ("D3", "D4", "D5", "D6")


def browser(agent: str = LAB, **options: object) -> Client:
    return Client(raise_request_exception=False, headers={"user-agent": agent}, **options)


def sign_in(client: Client, login: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def opened(client: Client) -> bool:
    """Does a page that every member of staff may see open?"""
    return client.get(reverse("home:index")).status_code == 200 and bool(_user_id(client))


def _user_id(client: Client) -> str:
    return str(client.session.get("_auth_user_id", "")) if settings.SESSION_COOKIE_NAME in client.cookies else ""


def guarded(client: Client) -> int:
    """The status of a page that needs a right the psychology teacher has."""
    response = client.get(reverse("policy:index"))
    return 401 if response.status_code == 302 and "login" in response.headers["Location"] else response.status_code


@pytest.fixture
def signed_in(undone: World) -> Client:
    client = browser()
    sign_in(client, "psych.songhu")
    assert guarded(client) == 200
    return client


def test_the_right_password_signs_in_and_a_wrong_one_does_not(undone: World):
    client = browser()
    assert guarded(client) == 401
    sign_in(client, "psych.songhu", "not-the-password")
    assert guarded(client) == 401
    sign_in(client, "psych.songhu")
    assert guarded(client) == 200


@pytest.mark.parametrize(("agent", "status"), [(LAB, 200), (THIEF, 401)])
def test_a_stolen_cookie_opens_nothing_in_another_browser(signed_in: Client, agent: str, status: int):
    """The first case is the control: the cookie itself is good."""
    other = browser(agent)
    other.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: signed_in.cookies[settings.SESSION_COOKIE_NAME].value})
    assert guarded(other) == status


def test_the_session_key_changes_at_sign_in(undone: World):
    client = browser()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "by someone else"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before = session.session_key
    sign_in(client, "psych.songhu")
    assert guarded(client) == 200
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    fixed = browser()
    fixed.cookies[settings.SESSION_COOKIE_NAME] = before
    assert guarded(fixed) == 401


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 401)])
def test_an_idle_session_ends_after_half_an_hour(signed_in: Client, minutes: int, status: int):
    with clock.frozen(NOW + dt.timedelta(minutes=minutes)):
        assert guarded(signed_in) == status


@pytest.mark.parametrize(("hours", "status"), [(7.75, 200), (8.25, 401)])
def test_a_session_in_use_ends_after_eight_hours(signed_in: Client, hours: float, status: int):
    end, at = NOW + dt.timedelta(hours=hours), NOW
    while (at := at + dt.timedelta(minutes=15)) < end:
        with clock.frozen(at):
            guarded(signed_in)
    with clock.frozen(end):
        assert guarded(signed_in) == status


def test_signing_out_ends_the_session_everywhere_it_was_copied_to(signed_in: Client):
    copy = browser()
    copy.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: signed_in.cookies[settings.SESSION_COOKIE_NAME].value})
    assert guarded(copy) == 200
    assert signed_in.post(reverse("account_logout")).status_code in (200, 302)
    assert guarded(signed_in) == 401
    assert guarded(copy) == 401


def test_a_get_does_not_sign_out(signed_in: Client):
    """A picture on another page could ask for it."""
    signed_in.get(reverse("account_logout"))
    assert guarded(signed_in) == 200


def test_an_ended_membership_loses_its_rights_at_once(undone: World, signed_in: Client):
    Membership.objects.filter(user=undone.user_of("psych_teacher")).update(end_on=today())
    assert guarded(signed_in) == 403


def test_someone_who_left_loses_everything_at_once(undone: World, signed_in: Client):
    rows = Staff.objects.for_system(reason="a test")
    rows.filter(pk=undone.built.staff["psych.songhu"].id).update(left_on=today())
    assert guarded(signed_in) in (401, 403)


def test_a_closed_account_is_signed_out_at_once_and_cannot_sign_in(undone: World, signed_in: Client):
    user = undone.user_of("psych_teacher")
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert guarded(signed_in) == 401
    again = browser()
    sign_in(again, "psych.songhu")
    assert guarded(again) == 401


def test_a_changed_password_ends_the_other_sessions(undone: World, signed_in: Client):
    user = undone.user_of("psych_teacher")
    user.set_password("another-only-in-tests-9K")
    user.save(update_fields=["password"])
    assert guarded(signed_in) == 401


def test_guessing_locks_the_account_and_not_the_address(undone: World):
    client = browser()
    for _ in range(25):
        sign_in(client, "psych.songhu", "a-wrong-guess")
    sign_in(client, "psych.songhu")
    assert guarded(client) == 401, "the right password still works after 25 wrong ones"
    colleague = browser()
    sign_in(colleague, "head.songhu")
    assert guarded(colleague) == 200, "a colleague behind the same address is locked out too"


def test_a_wrong_name_and_a_wrong_password_sound_alike(undone: World):
    known, unknown = sign_in(browser(), "psych.songhu", "wrong-one"), sign_in(browser(), "nobody.here", "wrong-one")
    assert known.status_code == unknown.status_code
    assert b"nobody.here" in unknown.content or b"psych.songhu" not in known.content


def test_nobody_signs_up_alone(undone: World):
    response = browser().get("/accounts/signup/")
    assert response.status_code in (302, 403, 404) or b'name="password2"' not in response.content


# What the code of a letter opens is posted with each act, and no cookie acts for anybody: there is nothing to forge.
BY_CODE = {"POST letters:open", "POST referrals:open"}


def test_every_change_is_refused_without_its_csrf_token(undone: World, walk: Walk):
    walker, accepted = Walker(undone), []
    for row in (row for row in walk.rows if row.method == "POST" and row.key not in BY_CODE):
        role = next((r for r in (*READERS, NO_ROLE) if row.family.reach_of(r)), None)
        client = browser(enforce_csrf_checks=True)
        if role:
            client.force_login(undone.user_of(role))
        if client.post(walker.url_of(row, "own_class")).status_code != 403:
            accepted.append(f"{row.key} as {role or ANONYMOUS}")
    assert not accepted


def test_control_with_the_token_the_same_change_is_accepted(undone: World):
    client = browser(enforce_csrf_checks=True)
    client.get(reverse("account_login"))
    form = {"login": "psych.songhu", "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(reverse("account_login"), form).status_code == 302
    assert guarded(client) == 200


def test_a_fragment_asked_for_without_a_session_is_401_and_not_a_page(undone: World):
    response = browser().get(reverse("policy:index"), headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert not response.content


def missing_headers(cells: Iterable[Cell]) -> list[str]:
    """Return every answer without a header that it must have."""
    found = []
    for cell in cells:
        headers = {name.lower(): value for name, value in cell.headers}
        policy = headers.get("content-security-policy", "")
        wanted = {
            "no-store": cell.role == ANONYMOUS or "no-store" in headers.get("cache-control", ""),
            "policy": "default-src 'self'" in policy and "frame-ancestors 'none'" in policy,
            "no inline": not any(word in policy for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")),
            "nosniff": headers.get("x-content-type-options") == "nosniff",
            "frames": headers.get("x-frame-options") == "DENY",
            "referrer": headers.get("referrer-policy") in ("same-origin", "no-referrer"),
            "devices": "camera=()" in headers.get("permissions-policy", ""),
        }
        found += [f"{cell.label} ({cell.status}): {name}" for name, is_there in wanted.items() if not is_there]
    return found


def test_every_answer_carries_its_headers(walk: Walk):
    missing = missing_headers(walk.cells)
    assert not missing, f"{len(missing)}:\n" + "\n".join(missing[:50])


@pytest.mark.parametrize(
    ("middleware", "name"),
    [
        ("csp.middleware.CSPMiddleware", "policy"),
        ("xinqiao.register.accounts.middleware.PrivacyMiddleware", "no-store"),
    ],
)
def test_control_without_its_middleware_a_header_is_missed(undone: World, walk: Walk, middleware: str, name: str):
    rows = [row for row in walk.rows if row.route == "policy:index"]
    with override_settings(MIDDLEWARE=[each for each in settings.MIDDLEWARE if each != middleware]):
        missing = missing_headers(Walker(undone).walk(rows, ["psych_teacher"]))
    assert any(line.endswith(name) for line in missing)


def test_cookies_are_kept_from_scripts_and_from_other_sites(undone: World):
    client = browser()
    client.get(reverse("account_login"))
    sign_in(client, "psych.songhu")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] in ("Strict", "Lax")
    assert client.cookies["csrftoken"]["samesite"] in ("Strict", "Lax")
    assert not cookie["max-age"], "the session cookie outlives the browser window"


@pytest.mark.parametrize("https", ["1", "0"])
def test_cookies_are_secure_exactly_behind_https(https: str):
    """Settings are read anew in a process of their own."""
    code = (
        "import json, xinqiao.config.settings as s;"
        "print(json.dumps([s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0]))"
    )
    environment = os.environ | {"XINQIAO_HTTPS": https}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [https == "1"] * 3


@pytest.mark.parametrize("is_on", [True, False])
def test_nobody_reads_about_a_child_without_the_second_factor(undone: World, walk: Walk, is_on: bool):
    """With the factor demanded and none set up, pages with D3 or more open for nobody; switched off, they do."""
    table = read_canary_table()
    readers = sorted({role for kind in CARE for role in table[kind]})
    rows = [row for row in walk.rows if row.method == "GET" and row.family.data_class in DEEP]
    with override_settings(XINQIAO_SECOND_FACTOR=is_on):
        walker = Walker(undone)
        cells = [walker.visit(row, role, "own_class") for row in rows for role in readers if row.family.reach_of(role)]
    shown = [cell for cell in cells if cell.status == 200 or cell.canaries]
    assert bool(shown) is not is_on, told(shown, lambda cell: str(cell.status))
