"""What waits in the mailbox is proved to be seen; each planted breakage is found by its name."""

import datetime as dt
from collections.abc import Callable

import pytest

from xinqiao.care.crisis.limbo.proving import prove
from xinqiao.care.crisis.tests.test_limbo import rows, unconstrained
from xinqiao.care.mailbox.models import NameRequest, PupilLetter
from xinqiao.care.mailbox.services.letters import answer_letter
from xinqiao.care.mailbox.services.names import ask_name, rescue_name
from xinqiao.care.mailbox.tests.conftest import TOLD, WHY, letter_of
from xinqiao.foundation.core import clock, ids
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.deadlines.models import Deadline

pytestmark = pytest.mark.django_db
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


class Lived:
    """A letter that was answered, one that does not wait and climbed, one whose name is asked for, and one whose name
    was opened to save a life; and one that has just come."""

    def __init__(self, world) -> None:
        psych, began = world.actor("psych"), clock.now()
        answer_letter(letter_of(world), actor=psych, words="收到", seen=1)
        self.urgent = letter_of(world, urgent=True)
        self.asked = ask_name(letter_of(world), actor=psych, reason=WHY, told=TOLD)
        self.saved = letter_of(world, urgent=True)
        rescue_name(self.saved, actor=psych, reason=WHY, told=TOLD)
        for minute in (5, 10, 15, 20):
            self.now = began + minute * MINUTE
            with clock.frozen(self.now):
                climb_due(self.now)
        with clock.frozen(self.now):
            self.fresh = letter_of(world, told=False)

    def codes(self, later=dt.timedelta(0)):
        return {fault.code for fault in prove(self.now + later).faults}


@pytest.fixture
def lived(world):
    return Lived(world)


def clocks(row):
    return rows(Deadline).filter(subject_id=row.pk, met_at=None, cancelled_at=None)


OURS = {"letter_without_clock", "name_without_clock", "rescue_without_signal", "name_decided_alone"}
PLANTED: dict[str, Callable[[Lived], object]] = {
    "letter_without_clock": lambda it: clocks(it.urgent).filter(kind="letter_urgent").delete(),
    "name_without_clock": lambda it: clocks(it.asked).delete(),
    "rescue_without_signal": lambda it: rows(NameRequest).filter(letter=it.saved).update(signal_id=ids.new_id()),
    "name_decided_alone": lambda it: unconstrained(
        lambda: rows(NameRequest).filter(pk=it.asked.pk).update(decided_by=it.asked.asked_by)
    ),
    "clock_after_the_end": lambda it: unconstrained(
        lambda: rows(PupilLetter).filter(pk=it.urgent.pk).update(state="answered", urgent="")
    ),
    "due_at_the_wrong_minute": lambda it: clocks(it.asked).update(original_due_at=it.now + DAY, due_at=it.now + DAY),
}


def test_each_planted_breakage_is_found_by_its_name(lived):
    """From a life without a fault each breakage is planted by itself, and undone."""
    from django.db import transaction

    assert lived.codes() & (OURS | set(PLANTED)) == set()
    assert prove(lived.now).looked_at["pupil_letters"] == 5
    for code, plant in PLANTED.items():
        with transaction.atomic():
            plant(lived)
            assert code in lived.codes(), code
            transaction.set_rollback(True)
    assert "letter_without_clock" in lived.codes(later=DAY)  # the one that came and was never told of
