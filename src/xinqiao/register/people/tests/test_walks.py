"""Every move of a roster is made by its services and stands in the audit."""

import pytest

from xinqiao.foundation.access.actors import SYSTEM_ID, Actor, Grant, system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.tests.walking import name_of, record_as, record_of_another, walk_signed, way_to
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.people.models import RosterRun
from xinqiao.register.people.roster.running import apply_roster, check_roster
from xinqiao.register.people.services import rosters
from xinqiao.register.people.services.rosters import accept_roster, cancel_roster, upload_roster
from xinqiao.register.people.states import ROSTER_MOVES, RosterState
from xinqiao.register.people.tests.conftest import HEAD, PUPILS

WALKED = (ROSTER_MOVES,)
BY_HAND = (RosterState.APPLYING, RosterState.CANCELLED)  # the rest is done by the clock
CLOCKWORK = system_actor("roster import")


class Walking:
    """A roster that a psychology teacher uploads and answers, and that the clock reads and writes."""

    def __init__(self, school, roster, *, head=HEAD):
        self.teacher = Actor(id=new_id(), grants=(Grant(Role.PSYCH_TEACHER, school.path),))
        body = roster(PUPILS, head=head).read_bytes()
        run = upload_roster(school, actor=self.teacher, file_name="名册.csv", body=body, on=clock.today())
        self.id = run.id

    @property
    def run(self):
        return RosterRun.objects.for_system(reason="test").get(pk=self.id)

    def make(self, move):
        if move.target in (RosterState.CHECKED, RosterState.FAILED):
            check_roster(self.run, actor=CLOCKWORK)
        elif move.target == RosterState.APPLYING:
            accept_roster(self.run, actor=self.teacher)
        elif move.target == RosterState.CANCELLED:
            cancel_roster(self.run, actor=self.teacher)
        else:
            apply_roster(self.run, actor=CLOCKWORK)

    def walk(self, move):
        by = self.teacher.id if move.target in BY_HAND else SYSTEM_ID
        walk_signed(move, lambda: self.run.state, lambda: self.make(move), by=by, about=self.id)


@pytest.mark.parametrize("move", ROSTER_MOVES, ids=name_of)
def test_every_move_of_a_roster(school, roster, move):
    head = ["什么", *HEAD[1:3], "都不是"] if move.target == RosterState.FAILED else HEAD
    walking = Walking(school, roster, head=head)
    for before in way_to(ROSTER_MOVES, "uploaded", move.source):
        walking.make(before)
    walking.walk(move)


def test_control_a_move_without_its_line_is_red(school, roster, monkeypatch):
    walking = Walking(school, roster)
    monkeypatch.setattr(rosters, "record", record_as("people.roster.uploaded"))
    with pytest.raises(AssertionError, match=r"no event people\.roster\.checked"):
        walking.walk(ROSTER_MOVES[0])


def test_control_a_line_about_another_roster_is_red(school, roster, monkeypatch):
    walking = Walking(school, roster)
    monkeypatch.setattr(rosters, "record", record_of_another)
    with pytest.raises(AssertionError, match="its line names"):
        walking.walk(ROSTER_MOVES[0])
