"""Every move of a filing is made by the services and stands in the audit."""

from dataclasses import replace

import pytest

from xinqiao.care.crisis.tests.conftest import fresh as fresh_case
from xinqiao.care.filings.errors import CannotFile
from xinqiao.care.filings.services.writing import lapse_filing, return_edition
from xinqiao.care.filings.states import MOVES, FilingState
from xinqiao.foundation.audit.tests.walking import name_of, unheard, walk, way_to

WALKED = (MOVES,)
WITHOUT_CHECK = (FilingState.COMPOSED, FilingState.SENT)
WHO = {"checked": "head", "returned": "head", "lapsed": "head", "acknowledged": "officer"}


class Office:
    """The first filing of a case at red, under an order that asks for a second person or for none."""

    def __init__(self, care, desk, ordered, *, is_checked=True):
        ordered(is_checked=is_checked)
        self.care, self.desk, self.case = care, desk, care.judged("red")
        (self.filing,) = desk.of(self.case)

    @property
    def fresh(self):
        return self.desk.fresh(self.filing)

    def who(self, move):
        return self.desk.world.actor(WHO.get(move.event.rpartition(".")[2], "psych"))

    def lapse(self, actor):
        """People judge that the pupil is no longer at a level that goes up; then it is let go."""
        self.care.judge(self.care.follow(fresh_case(self.case)), "yellow", after=1)
        lapse_filing(self.fresh, actor=actor, words="会后查明为误报，已与家长核实")

    def make(self, move):
        filing, actor = self.fresh, self.who(move)
        {
            "filings.filing.written": lambda: self.desk.write(filing),
            "filings.filing.checked": lambda: self.desk.check(filing),
            "filings.filing.returned": lambda: return_edition(
                filing, actor=actor, seen=filing.version, words="请写明家长的态度"
            ),
            "filings.filing.sent": lambda: self.desk.send(filing),
            "filings.filing.acknowledged": lambda: self.desk.acknowledge(filing),
            "filings.filing.lapsed": lambda: self.lapse(actor),
        }[move.event]()


@pytest.fixture
def walk_of(care, desk, ordered):
    """The check of one move: by whom, and about the pupil."""

    def check(move):
        it = Office(care, desk, ordered, is_checked=(move.source, move.target) != WITHOUT_CHECK)
        table = [each for each in MOVES if (each.source, each.target) != WITHOUT_CHECK]
        for before in way_to(table, "writing", move.source):
            it.make(before)
        walk(move, lambda: it.fresh.state, lambda: it.make(move), by=it.who(move), of=it.filing.student_id)

    return check


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_every_move_of_a_filing(walk_of, move):
    walk_of(move)


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_control_without_its_event_the_same_walk_is_red(walk_of, monkeypatch, move):
    unheard(monkeypatch, move.event)
    with pytest.raises(AssertionError, match="no event"):
        walk_of(move)


def test_control_a_move_that_the_services_refuse_is_red(walk_of):
    (lapsed,) = (m for m in MOVES if (m.source, m.target) == (FilingState.CHECKED, FilingState.LAPSED))
    with pytest.raises(CannotFile):
        walk_of(replace(lapsed, source=FilingState.SENT))
