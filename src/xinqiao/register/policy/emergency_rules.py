"""What a pack says of incidents, flattened for the program."""

from collections.abc import Mapping
from dataclasses import dataclass

from xinqiao.engines.schedule import ClockRule
from xinqiao.register.policy.emergency_packs import GUARDIANS, Emergency, Named
from xinqiao.register.policy.pack_parts import Words


@dataclass(frozen=True)
class PlanStep:
    """One line of the emergency plan with its time; for all kinds of incidents where `kinds` is empty."""

    code: str
    name: Words
    within: ClockRule
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class ReportStep:
    """One form of the report: within how long of the opening, and whether a second person looks at it."""

    form: str
    within: ClockRule
    is_checked: bool


@dataclass(frozen=True)
class AftercareStep:
    """Who looks after a pupil (`class_teacher` or `psychology_teachers`), and within how long."""

    by: str
    within: ClockRule


@dataclass(frozen=True)
class HotlineRules:
    """Of the hotline: within how long somebody is called back, the urgency of a signal that an urgent call becomes, and
    for how many days ahead the roster must be without a hole."""

    back_within: ClockRule
    urgent_back_within: ClockRule
    urgent_call: str
    days: int


@dataclass(frozen=True)
class JointRules:
    """Of the joint activation with health: its levels, within how long a partner answers and the situation is written
    on, and who hears of what is overdue."""

    levels: tuple[Named, ...]
    answer_within: ClockRule
    situation_within: ClockRule
    ladder: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class EmergencyRules:
    """The rules of incidents; `aftercare` by the way in which a pupil was exposed, `opinion_answered_within` by how
    grave an item is. `ladder` names who hears of what is overdue, on its first rung those who were told at first."""

    kinds: tuple[Named, ...]
    plan: tuple[PlanStep, ...]
    reports: tuple[ReportStep, ...]
    aftercare: Mapping[str, AftercareStep]
    departments: tuple[Named, ...]
    answer_within: ClockRule
    arrival_within: ClockRule
    review_within: ClockRule
    opinion_judged_within: ClockRule
    opinion_answered_within: Mapping[str, ClockRule]
    opinion_closed_within: ClockRule
    is_opinion_counted: bool
    ladder: tuple[tuple[str, ...], ...]
    hotline: HotlineRules
    joint: JointRules

    def plan_for(self, kind: str) -> tuple[PlanStep, ...]:
        """Return the lines of the plan that a kind of incident asks for, in their order."""
        return tuple(step for step in self.plan if not step.kinds or kind in step.kinds)


def emergency_rules(rules: Emergency) -> EmergencyRules:
    """Flatten a pack's section."""
    first = rules.guardians_within.value.rule()
    return EmergencyRules(
        kinds=tuple(rules.kinds.value),
        plan=tuple(
            PlanStep(line.code, line.name, first if line.code == GUARDIANS or line.within is None
                     else line.within.rule(), tuple(line.kinds))
            for line in rules.plan.value
        ),
        reports=tuple(ReportStep(each.form, each.within.rule(), each.checked) for each in rules.reports.value),
        aftercare={each.how: AftercareStep(each.by, each.within.rule()) for each in rules.aftercare.value},
        departments=tuple(rules.departments.value),
        answer_within=rules.answer_within.value.rule(),
        arrival_within=rules.arrival_within.value.rule(),
        review_within=rules.review_within.value.rule(),
        opinion_judged_within=rules.opinion_judged_within.value.rule(),
        opinion_answered_within={each.grave: each.within.rule() for each in rules.opinion_answered.value},
        opinion_closed_within=rules.opinion_closed_within.value.rule(),
        is_opinion_counted=rules.opinion_counted.value,
        ladder=tuple(tuple(rung) for rung in rules.rungs.value),
        hotline=HotlineRules(
            rules.hotline_back_within.value.rule(), rules.hotline_urgent_back_within.value.rule(),
            rules.hotline_urgent_call.value, rules.hotline_days.value,
        ),
        joint=JointRules(
            tuple(rules.joint_levels.value), rules.joint_answer_within.value.rule(),
            rules.joint_situation_within.value.rule(), tuple(tuple(rung) for rung in rules.joint_rungs.value),
        ),
    )  # fmt: skip
