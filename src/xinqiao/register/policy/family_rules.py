"""What a pack says of mentors and of the contact with families, flattened for the program."""

from dataclasses import dataclass

from xinqiao.engines.schedule import ClockRule
from xinqiao.register.policy.family_packs import Families, Mentors, Topic


@dataclass(frozen=True)
class MentorRules:
    """How pupils are dealt to mentors; see `family_packs.Mentors`."""

    most_pupils: int
    own_class: bool
    siblings_together: bool


def mentor_rules(pack: Mentors) -> MentorRules:
    """Flatten what a pack says of mentors."""
    return MentorRules(pack.most_pupils.value, pack.own_class.value, pack.siblings_together.value)


@dataclass(frozen=True)
class FamilyRules:
    """What is asked of the contact with families; see `family_packs.Families`."""

    per_term: int
    due_days: int
    task_days: int
    topics: tuple[Topic, ...]
    sessions_per_term: int
    special_within: ClockRule
    special_ladder: tuple[tuple[str, ...], ...]
    ladder: tuple[tuple[str, ...], ...]


def family_rules(pack: Families) -> FamilyRules:
    """Flatten what a pack says of families."""
    return FamilyRules(
        per_term=pack.contacts_per_term.value, due_days=pack.due_days_before_term_end.value,
        task_days=pack.task_days_before.value, topics=tuple(pack.topics.value),
        sessions_per_term=pack.sessions_per_term.value, special_within=pack.special_within.value.rule(),
        special_ladder=tuple(tuple(rung) for rung in pack.special_rungs.value),
        ladder=tuple(tuple(rung) for rung in pack.rungs.value),
    )  # fmt: skip
