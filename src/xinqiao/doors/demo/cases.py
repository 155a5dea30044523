"""What became of the cases that talks opened: conferences, plans, follow-ups, one overdue, one closed."""

import datetime as dt
import itertools

from xinqiao.care.crisis.facts import end_facts
from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.people import colleagues
from xinqiao.care.crisis.rules import obstacles_to_end
from xinqiao.care.crisis.services.closing import close_case
from xinqiao.care.crisis.services.following_up import FollowUpDraft, record_follow_up
from xinqiao.care.crisis.services.judging import JudgementDraft, judge_case
from xinqiao.care.crisis.services.planning import MeasureDraft, PlanDraft, write_plan
from xinqiao.care.crisis.states import CaseState, EndReason, Finding, Way, Whom
from xinqiao.doors.demo.cast import CareSeed, City
from xinqiao.doors.demo.filings import Desks
from xinqiao.doors.demo.tree import Built
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for

AN_HOUR, A_DAY, A_WEEK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=7)
STAYS, ENDS, IS_LATE, EASES = range(4)
IN_TURN = (STAYS, ENDS, IS_LATE, EASES, ENDS, ENDS)  # what happens to a case
LOOKS_BEFORE_DOWN = {ENDS: 2, EASES: 6}
LATE_DAYS = 2
LATE_FILING = dt.timedelta(days=17)  # the visits back every two weeks are then some days late
OLD = dt.timedelta(weeks=12)  # whose case has ended by now


def add_care(built: Built, city: City) -> None:
    """Bring the open cases of every school along, up to today."""
    users = {staff.id: built.users[login] for login, staff in built.staff.items() if login in built.users}
    desks = Desks(built, city)
    rows = Case.objects.for_system(reason="the demo city is being built").exclude(state=CaseState.CLOSED)
    for case, way in zip(rows.select_related("student").order_by("opened_at", "id"), itertools.cycle(IN_TURN)):
        if case.owner in users:
            is_old = case.opened_at < clock.now() - OLD
            actor = actor_for(users[case.owner], clock.today())
            _Care(case, actor, city.care, desks).bring_along(ENDS if is_old else way)


class _Care:
    """One case and whoever leads it."""

    def __init__(self, case: Case, actor: Actor, seed: CareSeed, desks: Desks) -> None:
        self.case, self.actor, self.seed, self.desks = case, actor, seed, desks
        self.until, self.number, self.looks = clock.now(), 0, 0
        people = list(colleagues(case.student))
        others = [each for each in people if each != actor.staff_id] or people
        self.helper = others[case.id.int % len(others)]

    def bring_along(self, way: int) -> None:
        at = self.case.opened_at + A_DAY
        if at >= self.until:
            return
        with clock.frozen(at):
            self.judge("orange")
            self.plan()
        with clock.frozen(at + AN_HOUR):
            self.desks.file(self.case, self.actor, until=self.until)
        end = self.until - (A_WEEK if way == IS_LATE else dt.timedelta())
        while self.case.state != CaseState.CLOSED and (at := at + A_WEEK) < end:
            with clock.frozen(at):
                self.look(way)
            if at + AN_HOUR < self.until - (LATE_FILING if way == IS_LATE else dt.timedelta()):
                with clock.frozen(at + AN_HOUR):
                    self.desks.file(self.case, self.actor, until=self.until)

    def look(self, way: int) -> None:
        """A follow-up, and a conference where one is due or the level goes down."""
        seed, is_last = self.seed, way == IS_LATE and clock.now() + A_WEEK >= self.until - A_WEEK
        next_on = (self.until - LATE_DAYS * A_DAY).date() if is_last else None
        record_follow_up(
            self.case, actor=self.actor, draft=FollowUpDraft(
                held_at=clock.now(), way=Way.IN_PERSON, whom=Whom.PUPIL, words=seed.seen[self.looks % len(seed.seen)],
                finding=Finding.NONE, next_on=next_on,
            ),
        )  # fmt: skip
        self.looks += 1
        goes_down = self.looks == LOOKS_BEFORE_DOWN.get(way)
        is_due = self.case.judge_by is not None and self.case.judge_by <= clock.today() + A_WEEK
        if goes_down or is_due:
            self.judge("yellow" if goes_down else self.case.level)
        if way == ENDS and not obstacles_to_end(end_facts(self.case), EndReason.BETTER):
            close_case(self.case, actor=self.actor, reason=EndReason.BETTER, words=self.seed.end)

    def judge(self, level: str) -> None:
        seed, is_down = self.seed, level == "yellow"
        present = tuple(dict.fromkeys((self.actor.person_id, self.helper)))
        judge_case(
            self.case, actor=self.actor, draft=JudgementDraft(
                held_at=clock.now(), present=present, level=level,
                reasons=seed.reasons_down if is_down else seed.reasons,
                advice=seed.advice_down if is_down else seed.advice, review_on=clock.today() + 4 * A_WEEK,
                evidence=(("talk", ""), ("said_class", "")), others="", after=self.number,
            ),
        )  # fmt: skip
        self.number += 1

    def plan(self) -> None:
        seed = self.seed
        measures = tuple(MeasureDraft(each.what, each.who, clock.today() + 8 * A_WEEK) for each in seed.measures)
        write_plan(
            self.case, actor=self.actor, draft=PlanDraft(
                goals=seed.goals, measures=measures, helper=self.helper, for_helper=seed.for_helper,
                family_part=seed.family, review_on=(self.until + 4 * A_WEEK).date(),
            ),
        )  # fmt: skip
