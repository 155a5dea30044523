"""What a pack says of incidents at a school: plan, reports, aftercare, departments. No Django here."""

from typing import Annotated, Literal

from msgspec import Meta

from xinqiao.register.policy.pack_parts import Code, Length, Recipient, Sourced, Struct, UrgencyCode, Words

GUARDIANS = "guardians"
How = Literal["hurt", "witness", "friend", "dormitory", "classmate"]
ReportForm = Literal["first", "follow-up", "final"]
Grave = Literal["slight", "moderate", "severe"]


class Named(Struct, frozen=True):
    """A kind of incident, or a department, by code and name."""

    code: Code
    name: Words


class PlanLine(Struct, frozen=True, omit_defaults=True):
    """One line of the emergency plan; `kinds` narrows it to some kinds of incidents. The line `guardians` takes its
    time from `guardians_within`, so that a jurisdiction can shorten that one alone."""

    code: Code
    name: Words
    within: Length | None = None
    kinds: list[Code] = []

    def __post_init__(self) -> None:
        if (self.within is None) != (self.code == GUARDIANS):
            raise ValueError("every line says within, but guardians, whose time is guardians_within")


class ReportRule(Struct, frozen=True):
    """One form of the safety-accident report, counted from the opening; `checked`: a second person looks at it."""

    form: ReportForm
    within: Length
    checked: bool


class AftercareRule(Struct, frozen=True):
    """Who looks after a pupil who was exposed in this way, and within how long."""

    how: How
    by: Literal["class_teacher", "psychology_teachers"]
    within: Length


class OpinionAnswerRule(Struct, frozen=True):
    """Within how long an item of public opinion is answered, counted from its judgement, by how grave it is."""

    grave: Grave
    within: Length


class Emergency(Struct, frozen=True):
    """Incidents: the plan as a checklist, reports, aftercare, departments, experts, the review, public opinion, the
    hotline during one (`hotline_…`), the joint activation with health (`joint_…`).

    `opinion_counted` says that bureaus are told how many items there are and how long their steps took.
    """

    kinds: Sourced[Annotated[list[Named], Meta(min_length=1)]]
    plan: Sourced[Annotated[list[PlanLine], Meta(min_length=1)]]
    guardians_within: Sourced[Length]
    reports: Sourced[Annotated[list[ReportRule], Meta(min_length=1)]]
    aftercare: Sourced[Annotated[list[AftercareRule], Meta(min_length=5, max_length=5)]]
    departments: Sourced[Annotated[list[Named], Meta(min_length=1)]]
    answer_within: Sourced[Length]
    arrival_within: Sourced[Length]
    review_within: Sourced[Length]
    opinion_judged_within: Sourced[Length]
    opinion_answered: Sourced[Annotated[list[OpinionAnswerRule], Meta(min_length=3, max_length=3)]]
    opinion_closed_within: Sourced[Length]
    opinion_counted: Sourced[bool]
    rungs: Sourced[Annotated[list[Annotated[list[Recipient], Meta(min_length=1)]], Meta(min_length=2)]]
    hotline_back_within: Sourced[Length]
    hotline_urgent_back_within: Sourced[Length]
    hotline_urgent_call: Sourced[UrgencyCode]
    hotline_days: Sourced[Annotated[int, Meta(ge=1, le=14)]]
    joint_levels: Sourced[Annotated[list[Named], Meta(min_length=1)]]
    joint_answer_within: Sourced[Length]
    joint_situation_within: Sourced[Length]
    joint_rungs: Sourced[Annotated[list[Annotated[list[Recipient], Meta(min_length=1)]], Meta(min_length=2)]]
