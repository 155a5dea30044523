"""Staff of a school and of the bureaus above it, and what ships, published."""

import datetime as dt

import pytest
from django.test import Client

from xinqiao.care.scales.services.publishing import publish_shipped_scales
from xinqiao.doors.demo.cast import read_city
from xinqiao.doors.demo.tree import Built, add_staff, build_tree
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys import boxes
from xinqiao.register.accounts.actors import actor_for

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)  # Monday 10:00 in Shanghai
PASSWORD = "only-in-tests-7Q"
ROUNDS_IN_USE = boxes.ROUNDS
SENTENCE = "窗外的银杏黄了 2026"


@pytest.fixture(autouse=True)
def quick_guesses(monkeypatch):
    """A guess costs a tenth of a second in use; here it may be cheap."""
    monkeypatch.setattr("xinqiao.foundation.keys.boxes.ROUNDS", 2**4)


@pytest.fixture
def cast(db) -> Built:
    with clock.frozen(NOW):
        built = build_tree(read_city(), clock.today(), only={"songhu-junior"})
        add_staff(built, read_city(), password=PASSWORD)
        publish_shipped_scales()
        yield built


@pytest.fixture
def user_of(cast):
    """Return the user whose login begins so: `user_of("class.songhu")`."""
    return lambda start: next(user for login, user in cast.users.items() if login.startswith(start))


@pytest.fixture
def actor_of(user_of):
    return lambda start: actor_for(user_of(start), clock.today())


@pytest.fixture
def client_of(user_of):
    """Return a signed-in browser of its own."""

    def sign_in(start: str) -> Client:
        client = Client()
        client.force_login(user_of(start))
        return client

    return sign_in
