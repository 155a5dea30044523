"""What a pack says of mentors and of the contact with families, flattened for the program."""

from dataclasses import dataclass

from xinqiao.register.policy.family_packs import Mentors


@dataclass(frozen=True)
class MentorRules:
    """How pupils are dealt to mentors; see `family_packs.Mentors`."""

    most_pupils: int
    own_class: bool
    siblings_together: bool


def mentor_rules(pack: Mentors) -> MentorRules:
    """Flatten what a pack says of mentors."""
    return MentorRules(pack.most_pupils.value, pack.own_class.value, pack.siblings_together.value)
