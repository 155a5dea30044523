"""Staff are reminded of booked hours on the days of the pack, once each, in words that tell nothing."""

import datetime as dt
import json

import pytest

from xinqiao.care.centre.jobs import remind as job
from xinqiao.care.centre.rows import every_booking, every_slot
from xinqiao.care.centre.services.bookings import book_slot, cancel_booking
from xinqiao.care.centre.services.roster import write_term
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.foundation.notifications.models import OutboxMessage

DAY = dt.timedelta(days=1)


@pytest.fixture
def ahead(world, pattern):
    """Two pupils have hours of one stretch ten days ahead; today is Monday. The start of the first."""
    write_term(world.school, actor=world.actor("head"))
    slots = list(every_slot().filter(hour__staff_id=world.id_of("psych")).order_by("-start_at")[:2])
    for student, slot in zip(world.students, slots, strict=False):
        book_slot(student, actor=world.actor("teacher"), slot_id=slot.id)
    return slots[0].start_at


def messages():
    return list(OutboxMessage.objects.for_system(reason="a test looks").filter(about_kind="roster_hour"))


def check_reminded(ahead):
    """The check: nothing before the seventh day, then one word a person, and one more on the last day.

    Who booked is told as well, but has no address in this world.
    """
    posted = []
    for before in (8, 7, 6, 1, 0.5):
        for _ticker in range(2):
            with clock.frozen(ahead - before * DAY):
                job.remind(clock.now())
        posted.append(len(messages()))
    assert posted == [0, 1, 1, 2, 2], f"reminded {posted}"


def test_staff_are_reminded_on_the_days_of_the_pack(world, ahead):
    check_reminded(ahead)
    told = AuditEvent.objects.filter(event="centre.hour.reminded").values_list("facts", flat=True)
    assert [json.loads(facts)["told"] for facts in told] == [2, 2], "who sits there, and who booked"
    (words,) = {message.body for message in messages()}
    assert "欧阳" not in words
    assert "林若溪" not in words


def test_control_without_the_mark_the_same_check_is_red(world, ahead, monkeypatch):
    due = job._due

    def unmarked(row, now):
        row.reminded = None
        every_booking().update(reminded=None)
        return due(row, now)

    monkeypatch.setattr(job, "_due", unmarked)
    with pytest.raises(AssertionError, match="reminded"):
        check_reminded(ahead)


def test_nobody_is_reminded_of_a_cancelled_hour(world, ahead):
    for row in every_booking().select_related("slot", "student"):
        cancel_booking(row, actor=world.actor("teacher"))
    assert job.remind(ahead - DAY) == 0
