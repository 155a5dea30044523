"""Every move of cases, watches, leaves and referrals is made by the services and stands in the audit."""

from dataclasses import replace

import pytest

from xinqiao.care.crisis.leave import states as leaves
from xinqiao.care.crisis.leave.rules import Step
from xinqiao.care.crisis.leave_rows import every_leave
from xinqiao.care.crisis.models import Partner
from xinqiao.care.crisis.referral import states as referrals
from xinqiao.care.crisis.referral.rules import Answer
from xinqiao.care.crisis.referral_rows import every_referral
from xinqiao.care.crisis.selectors.referrals import preview_of
from xinqiao.care.crisis.services.answers import answer_referral
from xinqiao.care.crisis.services.closing import close_case
from xinqiao.care.crisis.services.leaves import decide_return, look_after_return, open_leave, take_step
from xinqiao.care.crisis.services.opening import open_case
from xinqiao.care.crisis.services.referrals import (
    change_referral,
    close_referral,
    hear_family,
    ready_referral,
    send_referral,
    withdraw_referral,
)
from xinqiao.care.crisis.services.watches import end_watch
from xinqiao.care.crisis.states import MOVES as CASE_MOVES
from xinqiao.care.crisis.tests.conftest import WHY
from xinqiao.care.crisis.tests.conftest import fresh as fresh_case
from xinqiao.care.crisis.tests.referring import build_referring
from xinqiao.care.crisis.tests.watching import Watching
from xinqiao.care.crisis.tests.watching import fresh as fresh_watch
from xinqiao.care.crisis.watch.states import MOVES as WATCH_MOVES
from xinqiao.care.crisis.watch_rows import every_watch
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.tests.walking import name_of, walk, way_to
from xinqiao.foundation.core import clock
from xinqiao.register.people.services.students import end_enrolment

WALKED = (CASE_MOVES, WATCH_MOVES, leaves.MOVES, referrals.MOVES)


# ---- Cases


def close(care, case):
    """Whom people judged leaves the school; whom nobody judged was a mistake."""
    is_judged = fresh_case(case).state == "judged"
    if is_judged:
        end_enrolment(fresh_case(case).student, actor=care.psych, on=clock.today())
    close_case(fresh_case(case), actor=care.psych, reason="left" if is_judged else "mistake", words=WHY)


@pytest.mark.parametrize("move", CASE_MOVES, ids=name_of)
def test_every_move_of_a_case(care, move):
    case, judged = care.open(), 0
    if move.source == "judged":
        case, judged = care.judge(case), 1

    def act():
        if move.target == "judged":
            care.judge(fresh_case(case), after=judged)
        else:
            close(care, case)

    walk(move, lambda: fresh_case(case).state, act)


# ---- Watches


@pytest.mark.parametrize("move", WATCH_MOVES, ids=name_of)
def test_every_move_of_a_watch(world, move):
    it = Watching(world)
    watch = it.begin()
    signal = it.signal() if move.source == "signalled" else None

    def act():
        if move.target == "watching":
            it.look(watch) if signal is None else it.talk(signal, "nothing", "")
        elif move.target == "signalled":
            it.signal()
        elif move.target == "ended":
            every_watch().filter(pk=watch.pk).update(calm=2)
            end_watch(fresh_watch(watch), actor=world.actor("psych"), reason="calm", words=WHY)
        elif signal is not None:
            it.talk(signal, "case", "orange")
        else:
            open_case(watch.student, actor=world.actor("psych"), urgency="orange", why=WHY)

    walk(move, lambda: fresh_watch(watch).state, act)


# ---- Leaves


def fresh_leave(leave):
    return every_leave().select_related("student").get(pk=leave.pk)


def step(target):
    return Step(target, clock.today(), "班主任、心理教师", "与家长商量好了")


def lead(world, leave, move):
    """Make one move of a leave, whoever makes it; an appeal is decided by somebody who had no part."""
    leave, target = fresh_leave(leave), str(move.target)
    if target == "left":
        end_enrolment(leave.student, actor=world.actor("psych"), on=clock.today())
    elif target == "ended":
        while fresh_leave(leave).state == "returned":
            look_after_return(fresh_leave(leave), actor=world.actor("psych"), step=step("returned"))
    elif move.permission == leaves.DECIDE:
        decider = "psych2" if move.source == "appealed" else "head"
        decide_return(leave, actor=world.actor(decider), step=step(target))
    else:
        take_step(leave, actor=world.actor("psych"), step=step(target))


@pytest.mark.parametrize("move", leaves.MOVES, ids=name_of)
def test_every_move_of_a_leave(world, move):
    leave = open_leave(world.students[0], actor=world.actor("psych"), step=step("found"))
    for before in way_to(leaves.MOVES, "found", move.source):
        lead(world, leave, before)
    walk(move, lambda: fresh_leave(leave).state, lambda: lead(world, leave, move))


# ---- Referrals


class Sending:
    """A referral of the small world to a county station, which may answer whatever there is."""

    def __init__(self, world):
        self.refer = build_referring(world)
        Partner.objects.for_system(reason="test").update(kind="station")
        self.refer.partner.refresh_from_db()
        self.id = self.refer.written().pk

    @property
    def referral(self):
        return every_referral().select_related("student", "partner").get(pk=self.id)

    def hear(self, *, is_agreed):
        hear_family(self.referral, actor=self.refer.psych, is_agreed=is_agreed, given_by="guardian")

    def ready(self):
        shown = bytes.fromhex(preview_of(self.referral).digest)
        ready_referral(self.referral, actor=self.refer.psych, shown=shown)

    def send(self):
        self.hear(is_agreed=True)
        send_referral(self.referral, actor=self.refer.psych)

    def make(self, move):
        psych, target = self.refer.psych, str(move.target)
        if move.event == "crisis.referral.written":
            change_referral(self.referral, actor=psych, draft=self.refer.draft(observed="又看到一些"))
        elif target in ("draft", "refused"):
            self.hear(is_agreed=target == "draft")
        elif target == "ready":
            self.ready()
        elif target == "sent":
            self.send()
        elif target == "withdrawn":
            withdraw_referral(self.referral, actor=psych, reason="not_needed")
        elif move.permission:
            close_referral(self.referral, actor=psych, reason="back")
        else:
            reason = "full" if target == "declined" else ""
            answer = Answer(target, reason=reason, day=clock.today(), words="请学校留意")
            answer_referral(self.referral, actor=system_actor("crisis.door"), answer=answer)


@pytest.mark.parametrize("move", referrals.MOVES, ids=name_of)
def test_every_move_of_a_referral(world, move):
    it = Sending(world)
    for before in way_to(referrals.MOVES, "draft", move.source):
        it.make(before)
    walk(move, lambda: it.referral.state, lambda: it.make(move))


def test_control_a_move_that_the_services_refuse_is_red(world):
    invented = replace(leaves.MOVES[0], target=leaves.LeaveState.PAPERS)
    leave = open_leave(world.students[0], actor=world.actor("psych"), step=step("found"))
    with pytest.raises(Exception, match="not_now"):
        walk(invented, lambda: fresh_leave(leave).state, lambda: lead(world, leave, invented))
