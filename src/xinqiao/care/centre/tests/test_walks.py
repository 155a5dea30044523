"""Every move of a booking is made by a service or the pupil's leaving, and stands in the audit."""

import datetime as dt

import pytest

from xinqiao.care.centre.rows import every_booking, every_slot
from xinqiao.care.centre.services.bookings import (
    book_slot,
    cancel_booking,
    move_booking,
    note_came,
    note_missed,
    settle_missed,
)
from xinqiao.care.centre.services.roster import write_term
from xinqiao.care.centre.states import MOVES
from xinqiao.foundation.audit.tests.walking import name_of, unheard, walk
from xinqiao.foundation.core import clock
from xinqiao.register.people.services.students import end_enrolment

WALKED = (MOVES,)


def walk_of(world, each):
    """The check of one move: by whom, and about whom."""
    write_term(world.school, actor=world.actor("head"))
    slots = list(every_slot().order_by("start_at")[:2])
    student, psych = world.students[0], world.actor("psych")
    row = book_slot(student, actor=world.actor("teacher"), slot_id=slots[0].id)
    by, act = {
        "came": (psych, lambda: note_came(row, actor=psych)),
        "missed": (psych, lambda: note_missed(row, actor=psych)),
        "moved": (psych, lambda: move_booking(row, actor=psych, slot_id=slots[1].id)),
        "cancelled": (psych, lambda: cancel_booking(row, actor=psych)),
        "left": (None, lambda: end_enrolment(student, actor=psych, on=clock.today())),
        "settled": (psych, lambda: settle_missed(row, actor=psych, words="见了")),
    }[each.event.rpartition(".")[2]]  # fmt: skip
    with clock.frozen(row.slot.start_at + dt.timedelta(minutes=1)):
        if each.event.endswith("settled"):
            note_missed(row, actor=psych)
    is_before = each.event.endswith(("moved", "left"))
    with clock.frozen(row.slot.start_at + dt.timedelta(minutes=-30 if is_before else 30)):
        walk(each, lambda: every_booking().get(pk=row.pk).state, act, by=by, of=student.id)


@pytest.mark.parametrize("each", MOVES, ids=name_of)
def test_every_move_of_a_booking(world, pattern, each):
    walk_of(world, each)


def test_control_without_its_event_the_same_walk_is_red(world, pattern, monkeypatch):
    unheard(monkeypatch, MOVES[1].event)
    with pytest.raises(AssertionError, match="no event"):
        walk_of(world, MOVES[1])
