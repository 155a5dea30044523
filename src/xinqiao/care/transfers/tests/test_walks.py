"""Every move of a handover and of an arrival is made by a command or a hook, and stands in the audit."""

import pytest

from xinqiao.care.transfers.rows import every_arrival, every_handover
from xinqiao.care.transfers.services.handing import keep_files, recall_file
from xinqiao.care.transfers.services.taking import acknowledge_files, decline_file
from xinqiao.care.transfers.states import ARRIVAL_MOVES, HANDOVER_MOVES, ArrivalState, HandoverState
from xinqiao.care.transfers.tests.conftest import fresh
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.foundation.audit.tests.walking import unheard, walk
from xinqiao.foundation.core.clock import today
from xinqiao.register.people.moving import place_students

WALKED = (HANDOVER_MOVES, ARRIVAL_MOVES)
pytestmark = pytest.mark.django_db
H, A = HandoverState, ArrivalState


def come_back(house, student):
    """The roster brings a pupil back into the class."""
    with recording(system_actor("people.roster")):
        place_students([(fresh(student), house.world.class_b)], today())


class Way:
    """One pupil's file, brought to where a move begins, and the act of each move."""

    def __init__(self, house, student):
        self.house, self.student = house, student
        self.handover = house.leave(student)
        self.here = house.enrol(student)

    def arrival(self):
        return every_arrival().select_related("handover").get(handover=self.handover, state__in=("waiting", "taken"))

    def send(self):
        return self.house.send(self.handover)

    def take(self):
        return self.house.take(self.arrival(), self.here)

    def decline(self):
        return decline_file(self.arrival(), actor=self.house.other, reason="没有来报到")

    def recall(self):
        row = every_handover().select_related("student").get(pk=self.handover.pk)
        return recall_file(row, actor=self.house.psych)

    def acknowledge(self):
        school = self.house.world.other_school
        return acknowledge_files(school, actor=self.house.other, arrival_ids=[self.arrival().id])

    def keep(self):
        school = self.house.world.school
        return keep_files(school, actor=self.house.psych, handover_ids=[self.handover.id], reason="不再升学")

    def back(self):
        return come_back(self.house, self.student)

    def bring(self, state):
        """Bring the handover to a state from which a move begins."""
        steps = {
            H.OWED: (), H.SENT: (self.send,), H.RETURNED: (self.send, self.decline), H.TAKEN: (self.send, self.take),
        }  # fmt: skip
        for step in steps[state]:
            step()

    def act(self, event):
        return {
            "transfers.file.sent": self.send, "transfers.file.kept": self.keep, "transfers.file.not_needed": self.back,
            "transfers.file.taken": self.take, "transfers.file.declined": self.decline,
            "transfers.file.recalled": self.recall, "transfers.file.acknowledged": self.acknowledge,
        }[event]  # fmt: skip


def by_of(house, event, place):
    """Who acts: nobody of the staff where a pupil comes back, else a psychology teacher of one of both schools."""
    if event == "transfers.file.not_needed":
        return system_actor("people.roster")
    return house.other if event.split(".")[-1] in ("taken", "declined", "acknowledged") else house.psych


@pytest.mark.parametrize("number", range(len(HANDOVER_MOVES)))
def test_every_move_of_a_handover(house, number):
    move = HANDOVER_MOVES[number]
    way = Way(house, house.world.students[0])
    way.bring(move.source)
    walk(
        move, lambda: every_handover().get(pk=way.handover.pk).state, way.act(move.event),
        by=by_of(house, move.event, way.handover.place), of=way.student.id,
    )  # fmt: skip


@pytest.mark.parametrize("number", range(len(ARRIVAL_MOVES)))
def test_every_move_of_an_arrival(house, number):
    move = ARRIVAL_MOVES[number]
    way = Way(house, house.world.students[0])
    way.bring(H.SENT if move.source == A.WAITING else H.TAKEN)
    arrival = way.arrival()
    is_known = move.target in (A.TAKEN, A.ACKNOWLEDGED)
    walk(
        move, lambda: every_arrival().get(pk=arrival.pk).state, way.act(move.event),
        by=by_of(house, move.event, arrival.place), of=way.here.id if is_known else arrival.id,
    )  # fmt: skip


def test_control_a_move_without_an_event_is_seen(house, monkeypatch):
    unheard(monkeypatch, "transfers.file.sent")
    with pytest.raises(AssertionError, match="no event"):
        test_every_move_of_a_handover(house, 0)
