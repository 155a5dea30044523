"""Every move of a signal, and of a signal at the second gate, is made and stands in the audit."""

from dataclasses import replace

import pytest

from xinqiao.care.alerts.jobs.tell import tell_new_signals
from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.services.acknowledging import acknowledge_signal
from xinqiao.care.alerts.services.gates import clear_at_gate
from xinqiao.care.alerts.services.interviewing import Talk, record_interview
from xinqiao.care.alerts.states import GATE_MOVES, MOVES, SignalState, TalkKind
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.audit.tests.walking import name_of, walk
from xinqiao.foundation.core import clock

pytestmark = pytest.mark.django_db
WALKED = (MOVES, GATE_MOVES)  # tests/architecture/test_moves.py holds every table of moves against such lists
UNDECIDED = Talk(
    held_at=None, is_face_to_face=True, asked_about_suicide="yes", risk_found="none", note="谈过一次，还要再谈",
)  # fmt: skip


def fresh(signal):
    return Signal.objects.for_system(reason="test").select_related("student").get(pk=signal.pk)


class Walking:
    def __init__(self, world, signal):
        self.world, self.signal = world, signal

    def talk(self, **changes):
        talk = replace(UNDECIDED, held_at=clock.now(), **changes)
        record_interview(fresh(self.signal), actor=self.world.actor("psych"), talk=talk)

    def take(self):
        acknowledge_signal(fresh(self.signal), actor=self.world.actor("psych"))

    def clear_by_paper(self):
        """The second paper came without a flag; the sheets' side of it calls this body."""
        with recording(system_actor("test")):
            clear_at_gate(fresh(self.signal), at=clock.now())


@pytest.fixture
def walking(world, frozen, raise_one):
    signal = raise_one("orange", source="screening")
    tell_new_signals(frozen)
    return Walking(world, signal)


def make(walking, move):
    if move.target == SignalState.ACKNOWLEDGED:
        walking.take()
    else:
        walking.talk(outcome="nothing")


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_every_move_of_a_signal_is_made_and_audited(walking, move):
    if move.source == SignalState.ACKNOWLEDGED:
        walking.take()
    walk(move, lambda: fresh(walking.signal).state, lambda: make(walking, move))


GATE_ACTS = {
    ("waiting", "passed"): lambda it: it.talk(kind=TalkKind.GATE.value, standing="strained"),
    ("waiting", "cleared"): lambda it: it.clear_by_paper(),
    ("cleared", "passed"): lambda it: it.talk(),
}


@pytest.mark.parametrize("move", GATE_MOVES, ids=name_of)
def test_every_move_at_the_gate_is_made_and_audited(world, frozen, raise_one, monkeypatch, move):
    monkeypatch.setattr("xinqiao.care.alerts.services.telling.gate_for", lambda _signal: "talk")
    signal = raise_one("orange", source="screening")
    tell_new_signals(frozen)
    walking = Walking(world, signal)
    if move.source == "cleared":
        walking.clear_by_paper()
    act = GATE_ACTS[(str(move.source), str(move.target))]
    walk(move, lambda: fresh(walking.signal).gate_state, lambda: act(walking))


def test_control_a_move_that_nothing_makes_is_red(walking):
    invented = replace(MOVES[0], target=SignalState.CLOSED)
    with pytest.raises(AssertionError, match="came to acknowledged"):
        walk(invented, lambda: fresh(walking.signal).state, walking.take)
    quiet = replace(MOVES[1], source=SignalState.ACKNOWLEDGED, event="alerts.signal.never")
    with pytest.raises(AssertionError, match="no event"):
        walk(quiet, lambda: fresh(walking.signal).state, lambda: walking.talk(outcome="nothing"))
