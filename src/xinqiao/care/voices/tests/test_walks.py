"""Every move of a worry about a classmate is made by the services and stands in the audit."""

from dataclasses import replace

import pytest

from xinqiao.care.voices.rows import every_worry
from xinqiao.care.voices.services.worries import CannotSettle, name_pupil, set_aside
from xinqiao.care.voices.states import MOVES, WorryState
from xinqiao.foundation.audit.tests.walking import name_of, unheard, walk

WALKED = (MOVES,)
WHY = "问过了，说的是外校的人"


def walk_of(world, worry, move):
    """The check of one move: by the psychology teacher, about the pupil who is meant, or else the one who wrote."""
    psych, meant = world.actor("psych"), world.students[1]
    of, act = {
        "voices.worry.named": (meant.id, lambda: name_pupil(worry, actor=psych, student=meant)),
        "voices.worry.set_aside": (worry.student_id, lambda: set_aside(worry, actor=psych, reason=WHY)),
    }[move.event]
    walk(move, lambda: every_worry().get(pk=worry.pk).state, act, by=psych, of=of)


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_every_move_of_a_worry(world, write_worry, move):
    walk_of(world, write_worry(), move)


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_control_without_its_event_the_same_walk_is_red(world, write_worry, monkeypatch, move):
    unheard(monkeypatch, move.event)
    with pytest.raises(AssertionError, match="no event"):
        walk_of(world, write_worry(), move)


def test_control_a_move_that_the_services_refuse_is_red(world, write_worry):
    worry = write_worry()
    walk_of(world, worry, MOVES[0])
    with pytest.raises(CannotSettle):
        walk_of(world, worry, replace(MOVES[1], source=WorryState.NAMED))
