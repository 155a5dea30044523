"""Every move of a hotline, a call back, a joint activation and a partner's part is made and stands in the audit."""

from dataclasses import replace

import pytest

from xinqiao.care.incidents import states
from xinqiao.care.incidents.services.joining import end_activation, settle_part
from xinqiao.care.incidents.services.phoning import end_hotline, settle_back, waive_back
from xinqiao.care.incidents.tests.modes import STATION, put_partner
from xinqiao.foundation.audit.tests.walking import name_of, walk, way_to

WALKED = (states.HOTLINE_MOVES, states.BACK_MOVES, states.JOINT_MOVES, states.PART_MOVES)


@pytest.fixture
def joint(modes, monkeypatch):
    put_partner(monkeypatch, STATION)
    modes.received()
    return modes


@pytest.mark.parametrize("move", states.HOTLINE_MOVES, ids=name_of)
def test_every_move_of_a_hotline(modes, move):
    hotline = modes.open()
    walk(move, lambda: modes.fresh(hotline).state, lambda: end_hotline(hotline, actor=modes.actor(), words="来电已少"))


def call_back(modes, call, move):
    ways = {"done": settle_back, "waived": waive_back}
    ways[str(move.target)](call, actor=modes.actor("psych"), words="已办")


@pytest.mark.parametrize("move", states.BACK_MOVES, ids=name_of)
def test_every_move_of_a_call_back(modes, move):
    call = modes.call(modes.open(), is_back=True)
    walk(move, lambda: modes.fresh(call).back_state, lambda: call_back(modes, call, move))


def end(joint, made):
    settle_part(joint.part(made), actor=joint.actor("officer"), target="waived", words="不再需要")
    end_activation(made, actor=joint.actor("officer"), words="情况平稳")


@pytest.mark.parametrize("move", states.JOINT_MOVES, ids=name_of)
def test_every_move_of_a_joint_activation(joint, move):
    made = joint.begin()
    walk(move, lambda: joint.fresh(made).state, lambda: end(joint, made))


def make(joint, part, move):
    if move.target == "promised":
        joint.promise(part)
    else:
        settle_part(part, actor=joint.actor("officer"), target=str(move.target), words="已登记")


@pytest.mark.parametrize("move", states.PART_MOVES, ids=name_of)
def test_every_move_of_a_part(joint, move):
    part = joint.part(joint.begin())
    for before in way_to(states.PART_MOVES, "waiting", move.source):
        make(joint, part, before)
    walk(move, lambda: joint.fresh(part).state, lambda: make(joint, part, move))


def test_control_a_move_that_the_services_refuse_is_red(joint):
    invented = replace(states.PART_MOVES[0], target=states.PartState.CAME)
    part = joint.part(joint.begin())
    with pytest.raises(Exception, match="not_now"):
        walk(invented, lambda: joint.fresh(part).state, lambda: make(joint, part, invented))
