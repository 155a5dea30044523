"""Browsers and codes for tests of sign-in."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.conftest import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


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
