"""One world and one walk for the whole folder: built once, undone at the end."""

import logging
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from tests.conftest import NOW
from tests.permissions.table import Row, read_expected
from tests.permissions.walking import Cell, Walker
from tests.permissions.world import World, build_world
from xinqiao.doors.demo.cast import City
from xinqiao.foundation.core import clock

# The second factor has tests of its own (test_session.py), which switch it on.
WITHOUT_FACTOR = override_settings(XINQIAO_SECOND_FACTOR=False)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands on the whole walk is slow, whichever of them comes first; test_core.py is the quick part."""
    for item in items:
        if isinstance(item, pytest.Function) and "walk" in item.fixturenames:
            item.add_marker(pytest.mark.slow)


@dataclass(frozen=True)
class Walk:
    """The table and what came of it."""

    rows: list[Row]
    cells: list[Cell]
    walker: Walker


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker, city: City):
    """The planted world, in a transaction that is undone when the folder is done.

    Thousands of refusals would be logged with their tracebacks: the log is shut off meanwhile.
    """
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), clock.frozen(NOW), WITHOUT_FACTOR, transaction.atomic():
        yield build_world(city)
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


@pytest.fixture
def undone(world: World) -> World:
    """The world for one test marked django_db, whose own savepoint undoes whatever it does."""
    cache.clear()
    return world


@pytest.fixture(scope="package")
def walk(world: World) -> Walk:
    """Every row × role × relation, once."""
    rows = read_expected()
    walker = Walker(world)
    return Walk(rows, walker.walk(rows), walker)
