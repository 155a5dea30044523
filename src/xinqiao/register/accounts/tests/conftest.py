"""The cast in small, browsers and codes for tests of sign-in."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from xinqiao.doors.demo.cast import read_city
from xinqiao.doors.demo.tree import Built, add_staff, build_tree
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)  # Monday 10:00 in Shanghai
PASSWORD = "only-in-tests-7Q"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def cast(db) -> Built:
    """Staff of two schools and of the bureaus above them, under a frozen clock."""
    with clock.frozen(NOW):
        city = read_city()
        built = build_tree(city, clock.today(), only={"songhu-junior", "songhu-primary"})
        add_staff(built, city, password=PASSWORD)
        yield built


@pytest.fixture
def actor_of(cast):
    """Return the actor of a login: `actor_of("psych.songhu")`."""

    def build(login: str) -> Actor:
        return actor_for(cast.users[login], clock.today())

    return build


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def browser(cast) -> Client:
    return Client(headers={"user-agent": "Lab"})


@pytest.fixture
def sign_in(browser):
    def act(login: str = "psych.songhu", password: str = PASSWORD, client: Client | None = None):
        return (client or browser).post(reverse("account_login"), {"login": login, "password": password})

    return act


def code_now() -> str:
    """The code that an authenticator app shows for SECRET; the middle of the tolerated ones."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(SECRET, counters[len(counters) // 2]))


def enrol(user) -> Authenticator:
    """Give a user an authenticator app."""
    return TOTP.activate(user, SECRET).instance
