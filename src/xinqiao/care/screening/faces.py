"""The three faces of one result, as codes: what the pupil, the class teacher, the psychology teacher may be told. Pure.

The pupil is never told a score or a label, and what stands on a shared screen is the same for every pupil: the words
by need below are for the talk, not for the page after handing in. The class teacher learns only what a person set.
"""

from dataclasses import dataclass
from enum import StrEnum


class Need(StrEnum):
    """How much care a result speaks for; an order of attention, not a finding about the child."""

    LITTLE = "little"
    SOME = "some"
    MUCH = "much"
    AT_ONCE = "at_once"


NEED_OF_URGENCY = {"red": Need.AT_ONCE, "orange": Need.MUCH, "yellow": Need.SOME}
# What is said, in this order; words are made at the edge. Hotlines stand under every one of them.
PUPIL_WORDS = {
    Need.LITTLE: ("thanks", "feelings_change", "door_open"),
    Need.SOME: ("thanks", "looked_at", "door_open"),
    Need.MUCH: ("thanks", "someone_will_talk", "not_your_fault", "door_open"),
    Need.AT_ONCE: ("thanks", "someone_comes_today", "not_alone", "not_your_fault"),
}


@dataclass(frozen=True, slots=True)
class ClassTeacherFace:
    """`code`: not_handed_in, handed_in (nobody has set a level) or level_set; only then is there a level and advice."""

    code: str
    level: str = ""
    advice: str = ""


def need_of(urgency: str | None) -> Need:
    """Return the need behind what the triage rule said about a sitting; None: it said nothing."""
    return NEED_OF_URGENCY.get(urgency or "", Need.LITTLE)


def pupil_words(urgency: str | None) -> tuple[str, ...]:
    """Return the codes of what a pupil is told. None is worded so that nobody reads "all is well" into it."""
    return PUPIL_WORDS[need_of(urgency)]


def class_teacher_face(*, has_handed_in: bool, level: str, advice: str) -> ClassTeacherFace:
    """Return what a class teacher may know. A result without a person's level looks like every other one: to say that
    it is being looked at would say that it was flagged.
    """
    if level:
        return ClassTeacherFace("level_set", level, advice)
    return ClassTeacherFace("handed_in" if has_handed_in else "not_handed_in")
