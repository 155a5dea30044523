"""Every move of a turn of the school year is made by its services and stands in the audit."""

from dataclasses import replace

import pytest

from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.audit.tests.walking import name_of, record_as, record_of_another, walk_signed, way_to
from xinqiao.foundation.core import clock
from xinqiao.register.years.models import YearTurn
from xinqiao.register.years.running import write_turn
from xinqiao.register.years.services import turns
from xinqiao.register.years.services.turns import begin_writing, drop_turn, take_back_turn
from xinqiao.register.years.states import MOVES, TurnState
from xinqiao.register.years.tests.conftest import CLOCK, THE_DAY, WHY, accept

WALKED = (MOVES,)


class Walking:
    """A turn of the small junior school, planned and accepted by its head and written by the clock."""

    def __init__(self, turn, head):
        self.id, self.head = turn.id, head

    @property
    def turn(self):
        return YearTurn.objects.for_system(reason=WHY).get(pk=self.id)

    def make(self, move):
        if move.target == TurnState.ACCEPTED:
            accept(self.turn, self.head)
        elif move.target == TurnState.DROPPED:
            drop_turn(self.turn, actor=self.head)
        elif move.target == TurnState.DRAFT:
            take_back_turn(self.turn, actor=self.head)
        else:
            with clock.frozen(THE_DAY):
                (begin_writing if move.target == TurnState.WRITING else write_turn)(self.turn, actor=CLOCK)

    def walk(self, move):
        by = SYSTEM_ID if move.target in (TurnState.WRITING, TurnState.DONE) else self.head.id
        walk_signed(move, lambda: self.turn.state, lambda: self.make(move), by=by, about=self.id)


@pytest.fixture
def walking(turn, head):
    return Walking(turn, head)


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_every_move_of_a_turn(walking, move):
    for before in way_to(MOVES, "draft", move.source):
        walking.make(before)
    walking.walk(move)


def test_control_a_move_without_its_line_is_red(walking, monkeypatch):
    monkeypatch.setattr(turns, "record", record_as("years.turn.planned"))
    with pytest.raises(AssertionError, match=r"no event years\.turn\.accepted"):
        walking.walk(MOVES[0])


def test_control_a_line_about_another_turn_is_red(walking, monkeypatch):
    monkeypatch.setattr(turns, "record", record_of_another)
    with pytest.raises(AssertionError, match="its line names"):
        walking.walk(MOVES[0])


def test_control_a_permission_that_nobody_asks_for_is_red(walking):
    with pytest.raises(AssertionError, match="made without"):
        walking.walk(replace(MOVES[0], permission="accounts.staff:edit"))
