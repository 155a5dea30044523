"""The small world under a frozen clock, and entries made by the psychology teacher."""

import pytest

from xinqiao.care.support.services.entries import EntryDraft, add_entry
from xinqiao.foundation.core import clock
from xinqiao.register.duty.tests.world import MONDAY_10, World, build_world

WHY = "父母都在外地，由奶奶照看，晚上常一个人在家"


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen) -> World:
    return build_world()


@pytest.fixture
def enter(world):
    """Enter a pupil (the first one) into the register."""

    def write(student=None, category="family", kind="parents-away", reason=WHY):
        draft = EntryDraft(category, kind, reason)
        return add_entry(student or world.students[0], actor=world.actor("psych"), draft=draft)

    return write
