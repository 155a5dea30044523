"""Every move of a sitting is made, by page, on paper, by staff and by the clock, and stands in the audit."""

import datetime as dt
import time
from dataclasses import replace

import pytest

from xinqiao.care.screening.jobs.filling import complete_sittings
from xinqiao.care.screening.services import pupils
from xinqiao.care.screening.services.campaigns import close_campaign, open_make_up_round
from xinqiao.care.screening.services.pupils import excuse_pupil, readmit_pupil
from xinqiao.care.screening.tests.conftest import build_school
from xinqiao.care.screening.tests.handing_in import sitting_of
from xinqiao.care.sheets.intake import submitting
from xinqiao.care.sheets.intake.audit_rows import pupil_event
from xinqiao.care.sheets.intake.bodies import EnterBody
from xinqiao.care.sheets.intake.from_paper import HouseStore, typed_batch
from xinqiao.care.sheets.intake.rows import Rows
from xinqiao.care.sheets.intake.tickets import read_ticket
from xinqiao.care.sheets.intake.work import Batch, Entry
from xinqiao.care.sheets.intake.writer import commit
from xinqiao.care.sheets.services.typing import settle_typings, type_sheet
from xinqiao.care.sheets.states import MOVES, Excuse
from xinqiao.care.sheets.tests.conftest import sheet_of
from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.tests.walking import name_of, record_of_another, walk_signed
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.duty.tests.world import MONDAY_10, add_staff
from xinqiao.register.people.services.students import end_enrolment

WALKED = (MOVES,)
CALM, SLIP = "0" * 16 + "-", "0003" + "0" * 12 + "-"  # PHQ-9, GAD-7, the box for a talk; the fourth answer mistyped
ANSWERS = {"phq-9": [0] * 9, "gad-7": [0] * 7}


class Walking:
    """The first pupil of a running screening, who sits at a device, on paper, or not at all."""

    def __init__(self):
        self.school = build_school()
        add_staff(self.school.world, "typist", "裴安宁", Role.PAPER_TYPIST, self.school.unit)
        self.campaign, self.student = self.school.launched(), self.school.students[0]
        self.psych, self.typist = self.school.actor("psych"), self.school.actor("typist")
        self.minutes, self.ticket = 0, None

    @property
    def sitting(self):
        return sitting_of(self.campaign, self.student)

    def state(self) -> str:
        return self.sitting.state

    # ---- the pupil's page

    def intake(self, work):
        """Let the intake's writer do one piece of work on the suite's own database."""
        desk = typed_batch(clock.now()).desk
        batch = Batch(HouseStore(), desk, at=clock.now(), clock_seconds=time.monotonic(), rows=Rows())
        (reply,) = commit(batch, [work])
        assert reply.status == 200, reply
        return reply, desk

    def enter(self):
        (words,), (code,) = open_sealed([self.student], "number"), open_sealed([self.sitting], "code")
        body = EnterBody(class_code=self.sitting.window_code, number=words["number"], pin=code["code"])
        reply, desk = self.intake(Entry(body))
        self.ticket = read_ticket(desk.tickets_secret, reply.body["ticket"], clock.now())

    def submit(self):
        self.intake(sheet_of(self.ticket, answers=ANSWERS))

    # ---- paper

    def type_first(self):
        type_sheet(self.sitting, actor=self.typist, typed=CALM, key="key-first-0000")

    def type_second(self, typed=CALM):
        type_sheet(self.sitting, actor=self.psych, typed=typed, key="key-second-0000")

    def settle(self):
        settle_typings(self.sitting, actor=self.psych, chosen={3: "0"})

    # ---- staff and the clock

    def excuse(self):
        excuse_pupil(self.campaign, actor=self.psych, student_id=self.student.id, excuse=Excuse.UNWELL)

    def readmit(self):
        readmit_pupil(self.campaign, actor=self.psych, student_id=self.student.id)

    def close(self):
        close_campaign(self.campaign, actor=self.psych)

    def go_round(self):
        opens_at = MONDAY_10 + dt.timedelta(hours=1)
        closes_at = opens_at + dt.timedelta(hours=2)
        open_make_up_round(self.campaign, actor=self.psych, opens_at=opens_at, closes_at=closes_at)

    def decide(self, decision):
        """A guardian decides, a minute after whatever was decided before, and the clock looks."""
        self.minutes += 1
        with clock.frozen(MONDAY_10 + dt.timedelta(minutes=self.minutes)):
            self.school.consent([self.student], decision)
            complete_sittings(clock.now())

    def leave(self):
        end_enrolment(self.student, actor=self.psych, on=clock.today())
        complete_sittings(clock.now())

    # ---- moves

    def prepare(self, move):
        """Bring the sitting to where a move begins, as a pupil gets there before that move."""
        if move.event == "sheets.sitting.submitted" and move.source == "waiting":
            self.enter()  # the page stays open while an excuse is given and taken back
            self.excuse()
            self.readmit()
        elif move.source == "started":
            self.enter()
        elif move.source == "excused":
            self.decide("withdrawn") if move.event == "screening.sittings.admitted" else self.excuse()
        if move.event in ("sheets.paper.checked", "sheets.paper.settled"):
            self.type_first()
        if move.event == "sheets.paper.settled":
            self.type_second(SLIP)

    def act_of(self, move):
        """Return what makes a move, who does it, and what its line is about."""
        student, sitting, campaign = self.student.id, self.sitting.id, self.campaign.id
        return {
            "sheets.sitting.entered": (self.enter, student, sitting),
            "sheets.sitting.submitted": (self.submit, student, sitting),
            "sheets.paper.checked": (self.type_second, self.psych.id, sitting),
            "sheets.paper.settled": (self.settle, self.psych.id, sitting),
            "screening.pupil.excused": (self.excuse, self.psych.id, sitting),
            "screening.pupil.readmitted": (self.readmit, self.psych.id, sitting),
            "screening.campaign.closed": (self.close, self.psych.id, campaign),
            "screening.round.opened": (self.go_round, self.psych.id, campaign),
            "screening.sittings.withdrawn": (lambda: self.decide("withdrawn"), SYSTEM_ID, campaign),
            "screening.sittings.admitted": (lambda: self.decide("given"), SYSTEM_ID, campaign),
            "screening.sittings.left": (self.leave, SYSTEM_ID, campaign),
        }[move.event]

    def walk(self, move):
        act, by, about = self.act_of(move)
        walk_signed(move, self.state, act, by=by, about=about)


@pytest.fixture
def walking(db):
    with clock.frozen(MONDAY_10):
        yield Walking()


def move_of(event, source="waiting"):
    return next(move for move in MOVES if (move.event, move.source) == (event, source))


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_every_move_of_a_sitting(walking, move):
    walking.prepare(move)
    walking.walk(move)


def test_control_a_sheet_without_its_line_is_red(walking, monkeypatch):
    monkeypatch.setattr(
        submitting, "pupil_event", lambda _event, ticket, *_who, **_facts: pupil_event("sheets.sitting.entered", ticket)
    )
    walking.enter()
    with pytest.raises(AssertionError, match=r"no event sheets\.sitting\.submitted"):
        walking.walk(move_of("sheets.sitting.submitted", "started"))


def test_control_a_line_about_another_sitting_is_red(walking, monkeypatch):
    monkeypatch.setattr(pupils, "record", record_of_another)
    with pytest.raises(AssertionError, match="its line names"):
        walking.walk(move_of("screening.pupil.excused"))


def test_control_an_act_of_the_clock_that_a_person_must_allow_is_red(walking):
    guarded = replace(move_of("screening.sittings.left"), permission="screening.campaign:edit")
    with pytest.raises(AssertionError, match="made without"):
        walking.walk(guarded)
