"""Every move of a staff list is made by its services and stands in the audit."""

import pytest

from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.audit.tests.walking import name_of, record_as, record_of_another, walk_signed, way_to
from xinqiao.register.staffing.models import StaffRun
from xinqiao.register.staffing.running import write_list
from xinqiao.register.staffing.services import lists
from xinqiao.register.staffing.services.lists import accept_list, cancel_list
from xinqiao.register.staffing.states import MOVES, ListState
from xinqiao.register.staffing.tests.conftest import CLOCK, WHY

WALKED = (MOVES,)


class Walking:
    """A list that the head of the junior school uploaded and answers, and that the clock writes."""

    def __init__(self, run, head):
        self.id, self.head = run.id, head

    @property
    def run(self):
        return StaffRun.objects.for_system(reason=WHY).get(pk=self.id)

    def make(self, move):
        if move.target == ListState.WRITING:
            accept_list(self.run, actor=self.head)
        elif move.target == ListState.CANCELLED:
            cancel_list(self.run, actor=self.head)
        else:
            write_list(self.run, actor=CLOCK)

    def walk(self, move):
        by = SYSTEM_ID if move.target == ListState.DONE else self.head.id
        walk_signed(move, lambda: self.run.state, lambda: self.make(move), by=by, about=self.id)


@pytest.fixture
def walking(compared, actor_of):
    return Walking(compared(), actor_of("head.songhu"))


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_every_move_of_a_staff_list(walking, move):
    for before in way_to(MOVES, "checked", move.source):
        walking.make(before)
    walking.walk(move)


def test_control_a_move_without_its_line_is_red(walking, monkeypatch):
    monkeypatch.setattr(lists, "record", record_as("staffing.list.decided"))
    with pytest.raises(AssertionError, match=r"no event staffing\.list\.accepted"):
        walking.walk(MOVES[0])


def test_control_a_line_about_another_list_is_red(walking, monkeypatch):
    monkeypatch.setattr(lists, "record", record_of_another)
    with pytest.raises(AssertionError, match="its line names"):
        walking.walk(MOVES[0])
