"""The small world under a clock that a test moves."""

import pytest

from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World, build_world


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen) -> World:
    return build_world()
