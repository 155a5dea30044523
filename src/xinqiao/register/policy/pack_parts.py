"""The parts that packs are made of: strict structures, values with their source, lengths of time. No Django here."""

import re
from typing import Annotated, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

from xinqiao.engines.schedule import ClockRule

Value = TypeVar("Value")

OURS = "ours"
# No pack goes below it. SOURCE: Personal Information Protection Law of the PRC, article 28 (data of a child under 14 is
# sensitive) and article 31 (for it the guardian's consent is needed).
LOWEST_CONSENT_AGE = 14
CATALOGUE_ID = re.compile(r"^S[0-9][abc]?-[A-Za-z0-9.\-]+$")

UrgencyCode = Literal["red", "orange", "yellow"]
Recipient = Literal[
    "psychology_on_duty", "lead_on_duty", "psychology_teachers", "principal", "leading_group", "county_officer"
]
# Who may be named on a level of the ladder; those who stand below the school learn that a pupil needs attention.
NamedWord = Literal[
    "class_teacher", "dorm_keeper", "grade_head", "department_head", "psychology_teachers", "principal", "leading_group"
]
READING_WORDS = ("psychology_teachers", "principal")
Count = Annotated[int, Meta(ge=1)]
Minutes = Annotated[int, Meta(ge=1, le=60 * 24 * 60)]
Grade = Annotated[int, Meta(ge=1, le=12)]
Doubt = Annotated[float, Meta(gt=0, le=0.2)]
Age = Annotated[int, Meta(ge=0, le=18)]
Code = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Frozen, and a key that nobody knows is a fault."""


class Words(Struct, frozen=True):
    """One phrase in both languages."""

    en: Annotated[str, Meta(min_length=1)]
    zh_hans: Annotated[str, Meta(min_length=1)] = msgspec.field(name="zh-Hans")

    def in_language(self, language: str) -> str:
        """The phrase in English, or else in Chinese."""
        return self.en if language.startswith("en") else self.zh_hans


class Sourced(Struct, Generic[Value], frozen=True):
    """A value and where it comes from: catalogue ids, ids of the pack's own `sources`, or `ours`."""

    value: Value
    source: Annotated[list[str], Meta(min_length=1)]
    note: Words | None = None


class SameDay(Struct, frozen=True):
    """Until the end of the local day, but never less than so many minutes."""

    at_least_minutes: Annotated[int, Meta(ge=0, le=24 * 60)]


class Length(Struct, frozen=True, omit_defaults=True):
    """How long something may take: exactly one of the four."""

    minutes: Minutes | None = None
    days: Count | None = None
    same_day: SameDay | None = None
    school_days: Annotated[int, Meta(ge=0, le=60)] | None = None

    def __post_init__(self) -> None:
        given = [x for x in (self.minutes, self.days, self.same_day, self.school_days) if x is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of minutes, days, same_day, school_days")

    def rule(self) -> ClockRule:
        """Return it as the schedule engine takes it."""
        if self.minutes is not None:
            return ClockRule("minutes", self.minutes)
        if self.days is not None:
            return ClockRule("days", self.days)
        if self.same_day is not None:
            return ClockRule("same_day", self.same_day.at_least_minutes)
        return ClockRule("school_days", self.school_days or 0)
