"""Every move of a class's list in a round is made by a service or the clock, and stands in the audit."""

from dataclasses import replace

import pytest

from xinqiao.care.rounds.services.calls import withdraw_call
from xinqiao.care.rounds.services.lists import note_nothing, sign_list
from xinqiao.care.rounds.states import MOVES, ListState
from xinqiao.care.rounds.tests.conftest import every_list
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.tests.walking import name_of, unheard, walk
from xinqiao.foundation.core import clock
from xinqiao.register.deadlines.jobs.climb import climb_due
from xinqiao.register.people.services.students import end_enrolment

WALKED = (MOVES,)


def sign(world, row):
    teacher = world.actor("teacher")
    note_nothing(row, actor=teacher, student_ids=[student.id for student in world.students[:2]])
    sign_list(row, actor=teacher)


def empty(world, row):
    """Everybody leaves the class, and then its list falls due."""
    for student in world.students[:2]:
        end_enrolment(student, actor=world.actor("psych"), on=clock.today())
    climb_due(row.round.due_at)


def walk_of(world, row, move):
    """The check of one move: by whom, and about the class, or about the call that is taken back."""
    by, of, act = {
        "rounds.list.signed": (world.actor("teacher"), row.class_id, lambda: sign(world, row)),
        "rounds.round.withdrawn": (
            world.actor("psych"), row.round.call_id, lambda: withdraw_call(row.round.call, actor=world.actor("psych")),
        ),
        "rounds.list.dropped": (system_actor("deadlines.climb"), row.class_id, lambda: empty(world, row)),
    }[move.event]  # fmt: skip
    walk(move, lambda: every_list().get(pk=row.pk).state, act, by=by, of=of)


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_every_move_of_a_list(world, own_list, move):
    walk_of(world, own_list, move)


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_control_without_its_event_the_same_walk_is_red(world, own_list, monkeypatch, move):
    unheard(monkeypatch, move.event)
    with pytest.raises(AssertionError, match="no event"):
        walk_of(world, own_list, move)


def test_control_a_list_that_comes_to_another_state_is_red(world, own_list):
    invented = replace(MOVES[0], target=ListState.DROPPED)
    with pytest.raises(AssertionError, match="came to signed"):
        walk_of(world, own_list, invented)


@pytest.mark.parametrize(
    ("wrong", "found"),
    [("by", "names somebody else"), ("of", "about something else"), ("permission", "a role without")],
)
def test_control_an_event_of_somebody_or_something_else_is_red(world, own_list, wrong, found):
    by, of, move = world.actor("teacher"), own_list.class_id, MOVES[0]
    by = world.actor("psych") if wrong == "by" else by
    of = own_list.id if wrong == "of" else of
    move = replace(move, permission="round:never") if wrong == "permission" else move
    with pytest.raises(AssertionError, match=found):
        walk(move, lambda: every_list().get(pk=own_list.pk).state, lambda: sign(world, own_list), by=by, of=of)
