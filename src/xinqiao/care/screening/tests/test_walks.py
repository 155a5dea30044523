"""Every move of a campaign, an export, a plan by category and a school's answer is made and stands in the audit."""

from dataclasses import replace

import pytest

from xinqiao.care.screening.jobs.ordering import make_plans
from xinqiao.care.screening.models import Campaign, EducationPlan, ExportRequest
from xinqiao.care.screening.services import answering, campaigns, educating, exports
from xinqiao.care.screening.services.answering import confirm_order, decline_order, reconsider_order
from xinqiao.care.screening.services.campaigns import close_campaign, create_campaign, launch_campaign
from xinqiao.care.screening.services.educating import finish_education_plan, write_education_plan
from xinqiao.care.screening.services.exports import approve_export, refuse_export, request_export
from xinqiao.care.screening.services.orders import issue_order, withdraw_order
from xinqiao.care.screening.states import (
    EDUCATION_PLAN_MOVES,
    EXPORT_MOVES,
    MOVES,
    ORDERED_MOVES,
    CampaignState,
    ExportState,
    OrderedState,
)
from xinqiao.care.screening.tests.bureau import build_bureau
from xinqiao.care.screening.tests.handing_in import hand_in
from xinqiao.care.screening.tests.test_education import draft as education_draft
from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.audit.tests.walking import name_of, record_as, record_of_another, walk_signed, way_to
from xinqiao.foundation.core import clock
from xinqiao.register.orgs.models import Unit

WALKED = (MOVES, EXPORT_MOVES, EDUCATION_PLAN_MOVES, ORDERED_MOVES)


def fresh(row):
    return type(row).objects.for_system(reason="test").get(pk=row.pk)


# ---- Campaigns


def planned(school) -> Campaign:
    return create_campaign(school.unit, actor=school.actor("psych"), draft=school.draft())


def lead(school, campaign, move) -> None:
    act = launch_campaign if move.target == CampaignState.OPEN else close_campaign
    act(fresh(campaign), actor=school.actor("psych"))


def walk_campaign(school, campaign, move) -> None:
    act = lambda: lead(school, campaign, move)  # noqa: E731 - reads as the move it makes
    walk_signed(move, lambda: fresh(campaign).state, act, by=school.actor("psych").id, about=campaign.id)


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_every_move_of_a_campaign(school, move):
    campaign = planned(school)
    for before in way_to(MOVES, "draft", move.source):
        lead(school, campaign, before)
    walk_campaign(school, campaign, move)


def test_control_a_launch_without_its_line_is_red(school, monkeypatch):
    campaign = planned(school)
    monkeypatch.setattr(campaigns, "record", record_as("screening.campaign.changed"))
    with pytest.raises(AssertionError, match=r"no event screening\.campaign\.launched"):
        walk_campaign(school, campaign, MOVES[0])


# ---- Taking named results out


@pytest.fixture
def request_of_many(school, monkeypatch) -> ExportRequest:
    """Of more pupils than one person takes out alone."""
    monkeypatch.setattr(exports, "NAMED_PUPILS_ALONE", 0)
    campaign = school.launched()
    hand_in(campaign, school.students[0], {"phq-9": [0] * 9, "gad-7": [0] * 7})
    return request_export(campaign, actor=school.actor("psych"), purpose="care")


def walk_export(school, request, move) -> None:
    second = school.actor("psych2")
    act = approve_export if move.target == ExportState.APPROVED else refuse_export
    walk_signed(
        move, lambda: fresh(request).state, lambda: act(fresh(request), actor=second), by=second.id, about=request.id
    )


@pytest.mark.parametrize("move", EXPORT_MOVES, ids=name_of)
def test_every_move_of_an_export(school, request_of_many, move):
    walk_export(school, request_of_many, move)


def test_control_an_export_that_another_permission_guards_is_red(school, request_of_many):
    """The one to ask is not the one to approve: with the first alone nobody decides."""
    with pytest.raises(AssertionError, match=r"made without screening\.result:export"):
        walk_export(school, request_of_many, replace(EXPORT_MOVES[0], permission="screening.result:export"))


def test_control_an_approval_without_its_line_is_red(school, request_of_many, monkeypatch):
    monkeypatch.setattr(exports, "record", record_as("screening.export.requested"))
    with pytest.raises(AssertionError, match=r"no event screening\.export\.approved"):
        walk_export(school, request_of_many, EXPORT_MOVES[0])


# ---- Plans by category


def written(school) -> EducationPlan:
    return write_education_plan(school.launched(), actor=school.actor("psych"), draft=education_draft(school))


def walk_plan(school, plan, move) -> None:
    psych = school.actor("psych")
    walk_signed(
        move, lambda: fresh(plan).state, lambda: finish_education_plan(fresh(plan), actor=psych, outcome="睡得好些。"),
        by=psych.id, about=plan.id,
    )  # fmt: skip


@pytest.mark.parametrize("move", EDUCATION_PLAN_MOVES, ids=name_of)
def test_every_move_of_a_plan_by_category(school, move):
    walk_plan(school, written(school), move)


def test_control_a_line_about_another_plan_is_red(school, monkeypatch):
    plan = written(school)
    monkeypatch.setattr(educating, "record", record_of_another)
    with pytest.raises(AssertionError, match="its line names"):
        walk_plan(school, plan, EDUCATION_PLAN_MOVES[0])


# ---- What a school answers to an order


class Ordered:
    """An order to one further school, which answers; its plan is made by the clock, or still to be made."""

    def __init__(self, school, *, is_prepared: bool = True):
        self.bureau = build_bureau(school, 1)
        self.bureau.guard(1)
        bureau = self.bureau
        if is_prepared:
            self.order = bureau.issued()
        else:
            self.order = issue_order(school.world.county, actor=bureau.officer, draft=bureau.draft())

    @property
    def row(self):
        return self.bureau.row(self.order, 1)

    def make(self, move):
        psych = self.bureau.psych(1)
        if move.event == "screening.order.prepared":
            make_plans(self.order, clock.now())
        elif move.target == OrderedState.CONFIRMED:
            confirm_order(self.row, actor=psych)
        elif move.target == OrderedState.CANNOT:
            decline_order(self.row, actor=psych, obstacle="dates", remark="期中考试")
        elif move.target == OrderedState.WAITING:
            reconsider_order(self.row, actor=psych)
        else:
            withdraw_order(self.order, actor=self.bureau.officer)

    def walk(self, move):
        by, about = self.bureau.psych(1).id, self.row.id
        if move.target == OrderedState.WITHDRAWN:  # one line for all schools of the order
            by, about = self.bureau.officer.id, self.order.id
        elif not move.permission:
            by = SYSTEM_ID
        walk_signed(move, lambda: self.row.state, lambda: self.make(move), by=by, about=about)


BY_SCHOOLS = [move for move in ORDERED_MOVES if move.permission]
BY_THE_CLOCK = [move for move in ORDERED_MOVES if not move.permission]


@pytest.mark.parametrize("move", BY_SCHOOLS, ids=name_of)
def test_every_move_of_a_schools_answer(school, move):
    it = Ordered(school)
    for before in way_to(BY_SCHOOLS, "waiting", move.source):
        it.make(before)
    it.walk(move)


@pytest.mark.parametrize("move", BY_THE_CLOCK, ids=name_of)
def test_every_move_that_the_clock_makes_of_an_order(school, move):
    """Between the order and the plan the school's only class was closed."""
    it = Ordered(school, is_prepared=False)
    Unit.objects.filter(parent__parent=it.bureau.units[0], kind="class").update(is_closed=True)
    it.walk(move)


def test_control_an_answer_without_its_line_is_red(school, monkeypatch):
    it = Ordered(school)
    monkeypatch.setattr(answering, "record", record_as("screening.order.seen"))
    with pytest.raises(AssertionError, match=r"no event screening\.order\.confirmed"):
        it.walk(ORDERED_MOVES[0])
