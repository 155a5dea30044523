"""The definition of a scale as frozen values. Item numbers are those of the questionnaire and start at 1."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Method = Literal["sum", "mean", "count", "steps"]
Operator = Literal["at_least", "above", "at_most", "below"]
Sex = Literal["male", "female"]

# Arrays carry sex as these numbers, 0 where it is not known (GB/T 2261.1 numbers male and female this way).
SEX_CODES: dict[str, int] = {"male": 1, "female": 2}

# The same relations for one score and for an array of scores.
RELATIONS: dict[Operator, Callable[[Any, Any], Any]] = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}


@dataclass(frozen=True, slots=True)
class Text:
    """One phrase in both languages of the product; an empty string is a phrase that is not there."""

    en: str
    zh_hans: str

    def in_language(self, language: str) -> str:
        """The phrase in `language` ("en", anything else is Chinese), or the other one where it is missing."""
        first, second = (self.en, self.zh_hans) if language.startswith("en") else (self.zh_hans, self.en)
        return first or second


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number comes from. `kind`: publication, owner (the rights holder's page) or own (our assumption)."""

    id: str
    kind: str
    citation: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Licence:
    """`full`: wording may be shipped; `key`: only the scoring key is."""

    status: Literal["full", "key"]
    text: Text
    source: str


@dataclass(frozen=True, slots=True)
class AskedIf:
    """An item that is asked only when one of `items` was answered with `at_least` or more."""

    items: tuple[int, ...]
    at_least: int


@dataclass(frozen=True, slots=True)
class AnswerOption:
    """A code that may be answered, and its label where wording is present."""

    code: int
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question: its number, its codes in ascending order, its wording where that may be shown."""

    number: int
    options: tuple[AnswerOption, ...]
    reversed: bool = False
    text: Text | None = None
    asked_if: AskedIf | None = None

    @property
    def codes(self) -> tuple[int, ...]:
        """The legal answers, ascending."""
        return tuple(option.code for option in self.options)


@dataclass(frozen=True, slots=True)
class Span:
    """A closed interval; None leaves that side open."""

    low: int | None = None
    high: int | None = None

    def contains(self, value: int) -> bool:
        """Whether `value` lies between both ends, ends included."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Condition:
    """To whom a norm or a flag applies. Ages are completed years; grades run from 1 to 12."""

    sex: Sex | None = None
    grades: Span | None = None
    ages: Span | None = None
    informant: str | None = None

    def accepts(self, sex: str | None, grade: int | None, age: int | None, *, unknown: bool) -> bool:
        """Whether a person fits. A fact that is asked for but not known counts as `unknown` says."""
        if self.sex is not None and not (unknown if sex is None else sex == self.sex):
            return False
        if self.grades is not None and not (unknown if grade is None else self.grades.contains(grade)):
            return False
        return self.ages is None or (unknown if age is None else self.ages.contains(age))


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of scores from `threshold` (excluded where `strict`) up to the next band's, in the score's unit."""

    code: str
    title: Text
    threshold: float
    strict: bool = False
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class BandSet:
    """Bands in ascending order for the persons `when` accepts; of several sets the first that fits is used."""

    bands: tuple[Band, ...]
    source: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Subscale:
    """One score. Points of its items are combined by `method`, multiplied, and truncated where asked.

    `sum` and `mean` take each item's value (reversed where the item is); `count` counts items with a value of
    `at_least` or more; `steps` counts from the start how many groups of items hold an answer of `at_least` or more.
    `composite` scores repeat items that already belong to a part.
    """

    id: str
    title: Text
    items: tuple[int, ...]
    method: Method
    source: str
    multiply: tuple[int, int] = (1, 1)
    truncate: bool = False
    at_least: int = 1
    steps: tuple[tuple[int, ...], ...] = ()
    composite: bool = False
    higher_means: Literal["worse", "better"] = "worse"
    band_sets: tuple[BandSet, ...] = ()
    missing_up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A score held against a threshold in the same unit."""

    subscale: str
    operator: Operator
    threshold: float

    def holds(self, score: float) -> bool:
        """Whether `score` stands in this relation to the threshold."""
        return bool(RELATIONS[self.operator](score, self.threshold))


@dataclass(frozen=True, slots=True)
class ValidityRule:
    """Where it holds, the scores are void (still computed, still shown as void) and the sheet is to be repeated."""

    id: str
    title: Text
    when: Comparison
    source: str


@dataclass(frozen=True, slots=True)
class CriticalRule:
    """An answer that raises a signal whatever else the sheet says; `assumption` marks a choice of our own."""

    item: int
    at_least: int
    source: str
    assumption: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A published reason for a second look: any of the comparisons. A person whose facts are unknown is included."""

    id: str
    title: Text
    any_of: tuple[Comparison, ...]
    source: str
    when: Condition | None = None
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class MissingRule:
    """`refuse`: no score with any answer missing. `prorate`: up to `up_to` missing answers in each subscale."""

    rule: Literal["refuse", "prorate"]
    source: str
    up_to: int = 0


@dataclass(frozen=True, slots=True)
class Offered:
    """To whom the scale may be given when `informant` answers it; all entries of an informant must fit."""

    informant: str
    source: str
    ages: Span | None = None
    grades: Span | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a worked example must give; only the scores and bands that are named are compared."""

    scores: dict[str, float] = field(default_factory=dict)
    bands: dict[str, str] = field(default_factory=dict)
    valid: bool = True
    critical: tuple[int, ...] = ()
    flags: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """A sheet computed by hand, with its arithmetic in words."""

    name: str
    arithmetic: str
    answers: tuple[int | None, ...]
    expect: Expectation
    informant: str | None = None
    sex: Sex | None = None
    grade: int | None = None
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Everything known about one instrument."""

    id: str
    version: str
    title: Text
    informants: tuple[str, ...]
    audience: Literal["pupils", "staff"]
    licence: Licence
    wording: Literal["full", "missing"]
    items: tuple[Item, ...]
    items_source: str
    subscales: tuple[Subscale, ...]
    missing: MissingRule
    sources: tuple[Source, ...]
    examples: tuple[WorkedExample, ...]
    offered: tuple[Offered, ...]
    validity: tuple[ValidityRule, ...] = ()
    critical: tuple[CriticalRule, ...] = ()
    flags: tuple[Flag, ...] = ()
    suicide_items: tuple[int, ...] = ()
    requires_duty: bool = False
    rendering: str = ""
    wording_licence: str = ""
    period: Text | None = None
    instruction: Text | None = None

    @property
    def needs_duty(self) -> bool:
        """Whether it may only be given while somebody is on duty: it asks about suicide, or says so itself."""
        return self.requires_duty or bool(self.suicide_items)

    @property
    def has_wording(self) -> bool:
        """Whether pupils can read it; a scale without wording cannot be published to them."""
        return self.wording == "full"

    def is_offered_to(self, informant: str, *, grade: int | None, age: int | None) -> bool:
        """Whether it may be given about a pupil of that grade (1-12) and age (years); the unknown counts as fitting."""
        return informant in self.informants and all(
            (entry.grades is None or grade is None or entry.grades.contains(grade))
            and (entry.ages is None or age is None or entry.ages.contains(age))
            for entry in self.offered
            if entry.informant == informant
        )

    def subscale(self, subscale_id: str) -> Subscale:
        """The subscale of that id; KeyError where there is none."""
        for subscale in self.subscales:
            if subscale.id == subscale_id:
                return subscale
        raise KeyError(subscale_id)
