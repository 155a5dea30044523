"""The named cast for tests: the demo city in small."""

import datetime as dt

import pytest

from xinqiao.doors.demo.cast import City, read_city
from xinqiao.doors.demo.tree import Built, add_staff, add_students, build_tree
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)  # Monday 10:00 in Shanghai
PASSWORD = "only-in-tests-7Q"


@pytest.fixture(scope="session")
def city() -> City:
    return read_city()


@pytest.fixture
def frozen_now():
    with clock.frozen(NOW):
        yield NOW


@pytest.fixture
def cast(db, city, frozen_now) -> Built:
    """Two schools of one county, one of another, one of the city; six pupils a class."""
    built = build_tree(city, clock.today(), only={"songhu-junior", "songhu-primary", "wangshan-nine", "linxi-foreign"})
    add_staff(built, city, password=PASSWORD)
    add_students(built, city, size=6)
    return built


@pytest.fixture
def actor_of(cast):
    """Return the actor of a login: `actor_of("psych.songhu")`."""

    def build(login: str) -> Actor:
        return actor_for(cast.users[login], clock.today())

    return build
