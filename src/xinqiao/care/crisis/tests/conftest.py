"""The small world under a frozen clock, and cases in their states as people bring them there."""

import datetime as dt

import pytest

from xinqiao.care.alerts.services.raising import prepare_signal
from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.rows import every_case
from xinqiao.care.crisis.services.following_up import FollowUpDraft, record_follow_up
from xinqiao.care.crisis.services.judging import JudgementDraft, judge_case
from xinqiao.care.crisis.services.opening import open_case
from xinqiao.care.crisis.services.planning import MeasureDraft, PlanDraft, write_plan
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock, ids
from xinqiao.register.duty.tests.world import MONDAY_10, World, add_staff, build_world

WHY = "家里有变故，情绪低落两周以上"
REASONS = "会诊研究：有想法、没有计划，愿意求助"
ADVICE = "不要当众点名批评，请假当面说明"
GOALS = "每天睡够八小时，愿意来辅导室"
FOR_HELPER = "每天课间打个招呼，周五聊十分钟"
SEEN = "当面谈了二十分钟，睡得好一些"


@pytest.fixture
def frozen():
    with clock.frozen(MONDAY_10):
        yield MONDAY_10


@pytest.fixture
def world(db, frozen) -> World:
    built = build_world()
    add_staff(built, "helper", "方思齐", Role.MENTOR, built.school)
    return built


def fresh(case: Case) -> Case:
    """Return the case as the database has it now."""
    return every_case().select_related("student").get(pk=case.pk)


@pytest.fixture
def care(world):
    """Bring the first pupil's case along, as the psychology teacher does."""
    return Care(world)


class Care:
    """What tests do with a case."""

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def psych(self):
        return self.world.actor("psych")

    def open(self, student=None, urgency="orange") -> Case:
        return fresh(open_case(student or self.world.students[0], actor=self.psych, urgency=urgency, why=WHY))

    def draft(self, level="orange", **more) -> JudgementDraft:
        fields = {
            "held_at": clock.now(), "present": (self.world.id_of("psych"), self.world.id_of("teacher")),
            "level": level, "reasons": REASONS, "advice": ADVICE,
            "review_on": clock.today() + dt.timedelta(days=14),
        }  # fmt: skip
        return JudgementDraft(**{**fields, **more})

    def judge(self, case, level="orange", **more):
        judge_case(case, actor=self.psych, draft=self.draft(level, **more))
        return fresh(case)

    def judged(self, level="orange", student=None) -> Case:
        return self.judge(self.open(student), level)

    def plan_draft(self, **more) -> PlanDraft:
        fields = {
            "goals": GOALS, "measures": (MeasureDraft("每周见面", "心理教师", None),),
            "helper": self.world.id_of("helper"), "for_helper": FOR_HELPER,
            "review_on": clock.today() + dt.timedelta(days=28),
        }  # fmt: skip
        return PlanDraft(**{**fields, **more})

    def plan(self, case, **more):
        return write_plan(case, actor=self.psych, draft=self.plan_draft(**more))

    def follow(self, case, finding="none", whom="pupil", **more):
        fields = {"held_at": clock.now(), "way": "in_person", "whom": whom, "words": SEEN, "finding": finding}
        record_follow_up(case, actor=self.psych, draft=FollowUpDraft(**{**fields, **more}))
        return fresh(case)


@pytest.fixture
def raise_signal_for(world):
    """Write a signal as the intake does."""

    def write(student, urgency="red"):
        origin = ids.new_id()
        signal = prepare_signal(
            student_id=student.id, county_id=student.county_id, place=student.place, key_id=student.key_id,
            source="critical_answer", urgency=urgency, evidence=50, basis=[], origin_kind="sitting", origin_id=origin,
            once=f"critical_answer:{origin}", at=clock.now(),
        )  # fmt: skip
        signal.save(force_insert=True)
        return signal

    return write
