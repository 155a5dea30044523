"""What a pack says of mentors and of the contact with families. No Django here."""

from typing import Annotated, Literal

from msgspec import Meta

from xinqiao.register.policy.pack_parts import Code, Count, Length, Sourced, Struct, Words

FamilyRecipient = Literal["class_teacher", "grade_head", "psychology_teachers", "principal", "leading_group"]

Rungs = Sourced[Annotated[list[Annotated[list[FamilyRecipient], Meta(min_length=1)]], Meta(min_length=2)]]


class Mentors(Struct, frozen=True):
    """How pupils are dealt to mentors: pupils of one mentor at most, whether a class teacher may have pupils of the own
    class, and whether brothers and sisters go to one mentor."""

    most_pupils: Sourced[Count]
    own_class: Sourced[bool]
    siblings_together: Sourced[bool]


class Topic(Struct, frozen=True):
    """What is talked about with a family, by code and name."""

    code: Code
    name: Words


class Families(Struct, frozen=True):
    """Contact with each family: times a term (0: none is ordered), by so many days before the term ends; how many days
    before that day a class becomes a task; about what; how often a term parents are taught; within how long after a
    worry about a registered pupil; and who hears of what is missing (on the first rung are those whose task it is).
    Class teachers do not know the register, so that `special_rungs` begin with those who keep it."""

    contacts_per_term: Sourced[Annotated[int, Meta(ge=0, le=10)]]
    due_days_before_term_end: Sourced[Annotated[int, Meta(ge=0, le=90)]]
    task_days_before: Sourced[Annotated[int, Meta(ge=0, le=90)]]
    topics: Sourced[Annotated[list[Topic], Meta(min_length=1)]]
    sessions_per_term: Sourced[Annotated[int, Meta(ge=0, le=10)]]
    special_within: Sourced[Length]
    special_rungs: Rungs
    rungs: Rungs
