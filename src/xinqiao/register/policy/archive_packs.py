"""What a pack says of pupils' files: growth plans, how fresh a file should be, requests of pupils and guardians."""

from typing import Annotated

from msgspec import Meta

from xinqiao.register.policy.pack_parts import Code, Count, Length, Recipient, Sourced, Struct, Words


class PlanTemplate(Struct, frozen=True):
    """Words to begin a growth plan with, for some stages of schooling; whoever writes the plan changes them."""

    code: Code
    name: Words
    stages: Annotated[list[str], Meta(min_length=1)]
    strengths: Words
    aim: Words
    helps: Words


class Archives(Struct, frozen=True):
    """Pupils' files. `plan_days`: how many days after a term began every pupil should have its growth plan;
    `look_days`: after how many days a plan is looked at again where nobody says otherwise; `fresh_days`: a file with an
    entry in so many days counts as kept up; `erasure_wait_days`: how long an approved erasure can be called back."""

    plan_days: Sourced[Count]
    look_days: Sourced[Count]
    fresh_days: Sourced[Count]
    templates: Sourced[list[PlanTemplate]]
    answer_within: Sourced[Length]
    erasure_wait_days: Sourced[Count]
    rungs: Sourced[Annotated[list[Annotated[list[Recipient], Meta(min_length=1)]], Meta(min_length=2)]]
