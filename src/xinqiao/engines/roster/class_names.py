"""Grades and classes as schools write them, made one cohort: stage, entry year, number.

`Offer` says what the school teaches; without that, 七 and 2024级 cannot be told apart in a nine-year school.
Grades are counted through: primary 1.., junior after it, senior and vocational 10 to 12. Where a single stage is taught
that does not begin at grade 1, a bare 一 or 1 means the first year of that stage (101 in a senior school is 高一(1)班).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from xinqiao.engines.roster.codes import Refused
from xinqiao.engines.roster.text import squeezed

Stage = Literal["primary", "junior", "senior", "vocational", "unknown"]
_LAST_GRADE: Final = 12
_SENIOR_FIRST: Final = 10
_COMPULSORY_YEARS: Final = 9
LARGEST_CLASS_NUMBER: Final = 60
"""Ours: more parallel classes than any school has; a larger number is a year or a room."""

_CHINESE: Final = "一二三四五六七八九"
_DIGITS: Final = {digit: value for value, digit in enumerate(_CHINESE, start=1)}
_NUMBER: Final = r"(\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_STAGE_WORD: Final[dict[str, Stage]] = {
    "小学": "primary", "小": "primary", "初中": "junior", "初级中学": "junior", "初": "junior", "高中": "senior",
    "高级中学": "senior", "普高": "senior", "高": "senior", "中职": "vocational", "职高": "vocational",
    "中专": "vocational", "职": "vocational", "中等职业": "vocational",
}  # fmt: skip
_STAGE: Final = r"(小学|初级中学|初中|高级中学|高中|普高|中等职业|中职|职高|中专)?部?"
_TAIL: Final = rf"[.·、\-_—]?\(?{_NUMBER}\)?(?:班|班级)?"
_WITH_YEAR: Final = re.compile(rf"{_STAGE}([小初高职])?(20\d\d|\d\d(?=[级届]))([级届])?(?:\(?({_NUMBER[1:-1]})\)?班)?")
_WITH_GRADE: Final = re.compile(
    rf"{_STAGE}(?:([小初高职])?([一二三四五六七八九十]|十一|十二)(?:年级|年)?|(\d{{1,2}})(?:年级|年|(?=[(.·、\-_—])))(?:{_TAIL})?"
)
_PACKED: Final = re.compile(r"(0[1-9]|1[0-2]|[1-9])(\d\d)(?:班)?")
_BARE: Final = re.compile(rf"(?:第)?\(?{_NUMBER}\)?(?:班|班级)?")
CLASS_IN_TITLE: Final = re.compile(
    r"(?:小学|初中|高中|[小初高职])?(?:(?:20)?\d\d[级届])?"
    r"(?:(?:[一二三四五六七八九十]{1,2}|\d{1,2})(?:年级|年)?)?[(\[【〔]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)\]】〕]?班"
)
"""What may be a class inside a longer line; whether it is one, `read_class` says."""
_ROUND: Final = str.maketrans("【】〔〕[]", "()()()")
_LATIN: Final = re.compile(r"[A-Za-z]\d.*")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the school teaches, and in which school year (the year it begins in). `stages` may be empty: not known."""

    school_year: int
    stages: tuple[Stage, ...]
    primary_years: int = 6

    def grades_of(self, stage: Stage) -> range:
        """The grades of one stage, counted through."""
        if stage == "primary":
            return range(1, self.primary_years + 1)
        if stage == "junior":
            return range(self.primary_years + 1, _COMPULSORY_YEARS + 1)
        return range(_SENIOR_FIRST, _LAST_GRADE + 1)

    @property
    def known_stages(self) -> tuple[Stage, ...]:
        """The stages taught, or the three general ones where nothing is known."""
        return self.stages or ("primary", "junior", "senior")


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class as a cohort. `grade` is counted through (1 to 12) and is its grade in the school year read for."""

    stage: Stage
    grade: int | None
    entry_year: int | None
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What one text says, before the school is asked. At most one of `grade`, `year_of_stage`, `entry`, `leaving`."""

    stage: Stage | None = None
    grade: int | None = None
    year_of_stage: int | None = None
    entry: int | None = None
    leaving: int | None = None
    number: int | None = None

    @property
    def has_grade(self) -> bool:
        return any(part is not None for part in (self.grade, self.year_of_stage, self.entry, self.leaving))


@dataclass(frozen=True, slots=True)
class _Cohort:
    stage: Stage
    grade: int | None
    entry_year: int


def read_stage(text: str) -> Stage | None:
    """小学, 初中, 高中, 中职 … as a stage, None if empty; raises `Refused("stage_unknown")`."""
    word = squeezed(text).removesuffix("部")
    if not word:
        return None
    if word not in _STAGE_WORD:
        raise Refused("stage_unknown", value=word[:20])
    return _STAGE_WORD[word]


def read_class(
    class_text: str, *, offer: Offer, grade_text: str = "", stage: Stage | None = None, entry_year: int | None = None
) -> ClassRef:
    """The class that the texts of the class and grade columns name together.

    `stage` and `entry_year` come from columns of their own and are used where the texts leave them open.
    Raises `Refused`: class_missing, class_unreadable, class_ambiguous, class_without_grade, class_number_missing,
    class_number_implausible, class_contradicts_grade, grade_unreadable, grade_not_offered.
    """
    written = squeezed(class_text).translate(_ROUND)
    if not written:
        raise Refused("class_missing")
    grade_said = _read_grade(squeezed(grade_text))
    said = _read_written(written, has_grade_column=grade_said is not None, offer=offer)
    if said.number is None:
        raise Refused("class_number_missing", value=written[:30])
    if not 1 <= said.number <= LARGEST_CLASS_NUMBER:
        raise Refused("class_number_implausible", value=written[:30], largest=LARGEST_CLASS_NUMBER)
    cohort = _settle(said, grade_said, written, offer=offer, stage=stage, entry_year=entry_year)
    return ClassRef(cohort.stage, cohort.grade, cohort.entry_year, said.number, _name_of(cohort, said.number, offer))


def _settle(
    said: _Said, grade_said: _Said | None, written: str, *, offer: Offer, stage: Stage | None, entry_year: int | None
) -> _Cohort:
    hint = said.stage or (grade_said.stage if grade_said else None) or stage
    from_grade = _cohort(replace(grade_said, stage=grade_said.stage or hint), offer) if grade_said else None
    if said.has_grade:
        known = hint or (from_grade.stage if from_grade else None)
        if from_grade is None:
            return _cohort(replace(said, stage=said.stage or known), offer)
        if not _agrees(replace(said, stage=said.stage or known), from_grade, offer):
            raise Refused("class_contradicts_grade", value=written[:30])
        return from_grade
    if from_grade is not None:
        return from_grade
    if entry_year is not None:
        return _cohort(_Said(stage=hint, entry=entry_year), offer)
    raise Refused("class_without_grade", value=written[:30])


def _agrees(said: _Said, cohort: _Cohort, offer: Offer) -> bool:
    try:
        return _cohort(said, offer) == cohort
    except Refused:
        return False


def _read_grade(text: str) -> _Said | None:
    if not text:
        return None
    said = _first_of(text, (_grade_number, _with_year, _with_grade))
    if said is None or said.number is not None or not said.has_grade:
        raise Refused("grade_unreadable", value=text[:30])
    return said


def _grade_number(text: str) -> _Said | None:
    return _Said(grade=int(text)) if re.fullmatch(r"0?[1-9]|1[0-2]", text) else None


def _read_written(text: str, *, has_grade_column: bool, offer: Offer) -> _Said:
    """What the class column says; a bare number is a class number only where a grade column stands beside it."""
    said = _first_of(text, (_packed, _bare) if has_grade_column and text.isdecimal() else (_bare, _packed))
    if said is not None and said.number is not None and text.isdecimal() and not has_grade_column:
        return _bare_digits(text, said)
    if said is None and text.isdecimal():
        raise Refused("class_ambiguous", value=text[:30])
    said = said or _first_of(text, (_with_year, _with_grade)) or _latin(text, offer)
    if said is None:
        raise Refused("class_unreadable", value=text[:30])
    return said


def _bare_digits(text: str, said: _Said) -> _Said:
    packed = _packed(text)
    if packed is not None:
        return packed
    if len(text) == 1:
        return said
    raise Refused("class_ambiguous", value=text[:30])


def _first_of(text: str, readers: tuple[Callable[[str], _Said | None], ...]) -> _Said | None:
    return next((said for said in (reader(text) for reader in readers) if said is not None), None)


def _packed(text: str) -> _Said | None:
    """703, 0703, 1012: a grade and two digits of class."""
    found = _PACKED.fullmatch(text)
    return _Said(grade=int(found[1]), number=int(found[2])) if found else None


def _bare(text: str) -> _Said | None:
    found = _BARE.fullmatch(text)
    return _Said(number=_to_int(found[1])) if found else None


def _with_year(text: str) -> _Said | None:
    """2024级3班, 24级(3)班, 2027届3班, 高中2024级, 初2024级3班, 2024."""
    found = _WITH_YEAR.fullmatch(text)
    if not found:
        return None
    prefix, letter, written, kind, tail = found.groups()[:5]
    year = int(written) + (2000 if len(written) == 2 else 0)
    number = _to_int(tail) if tail else None
    stage = _STAGE_WORD.get(prefix or letter or "")
    if kind == "届":
        return _Said(stage=stage, leaving=year, number=number)
    return _Said(stage=stage, entry=year, number=number)


def _with_grade(text: str) -> _Said | None:
    """七(3)班, 初一3班, 小学部一年级2班, 8.1班, 高二(12)班, 七年级."""
    found = _WITH_GRADE.fullmatch(text)
    if not found:
        return None
    prefix, letter, chinese, arabic, tail = found.groups()
    stage = _STAGE_WORD.get(prefix or letter or "")
    grade = int(arabic) if arabic else _to_int(chinese)
    number = _to_int(tail) if tail else None
    if letter or (prefix and stage != "primary" and grade <= 4):  # 初中部一年级 is the first junior year
        return _Said(stage=stage, year_of_stage=grade, number=number)
    return _Said(stage=stage, grade=grade, number=number)


def _latin(text: str, offer: Offer) -> _Said | None:
    """G2-3 may be 高二 or Grade 2: read only where both mean the same."""
    if not _LATIN.fullmatch(text):
        return None
    if text[0] in "Gg" and offer.stages in (("senior",), ("vocational",)):
        return _with_grade(text[1:])
    raise Refused("class_ambiguous", value=text[:30])


def _to_int(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if "十" not in text:
        return _DIGITS[text]
    tens, ones = text.split("十", 1)
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _cohort(said: _Said, offer: Offer) -> _Cohort:
    if said.entry is not None:
        return _from_years(offer.school_year - said.entry + 1, said, offer)
    if said.leaving is not None:
        return _from_leaving(said, offer)
    return _from_grade(said, offer)


def _from_years(year_of_stage: int, said: _Said, offer: Offer) -> _Cohort:
    """The cohort in its n-th year of a stage; refused where two stages of the school would fit."""
    if not offer.stages and said.stage is None and said.entry is not None:
        return _Cohort("unknown", None, said.entry)
    fits = [stage for stage in _candidates(said, offer) if 1 <= year_of_stage <= len(offer.grades_of(stage))]
    if len(fits) > 1:
        raise Refused("class_ambiguous", value=str(said.entry or year_of_stage))
    if not fits:
        raise Refused("grade_not_offered", value=str(said.entry or year_of_stage))
    grade = offer.grades_of(fits[0])[year_of_stage - 1]
    return _Cohort(fits[0], grade, offer.school_year - year_of_stage + 1)


def _from_leaving(said: _Said, offer: Offer) -> _Cohort:
    candidates = _candidates(said, offer)
    years_left = (said.leaving or 0) - offer.school_year - 1
    fits = [stage for stage in candidates if 0 <= years_left < len(offer.grades_of(stage))]
    if len(fits) != 1:
        raise Refused("class_ambiguous" if fits else "grade_not_offered", value=str(said.leaving))
    years = len(offer.grades_of(fits[0]))
    return _from_years(years - years_left, replace(said, stage=fits[0]), offer)


def _from_grade(said: _Said, offer: Offer) -> _Cohort:
    if said.year_of_stage is not None:
        return _from_years(said.year_of_stage, said, offer)
    grade = said.grade or 0
    fits = [stage for stage in _candidates(said, offer) if grade in offer.grades_of(stage)]
    if len(fits) == 1:
        return _from_years(grade - offer.grades_of(fits[0])[0] + 1, replace(said, stage=fits[0]), offer)
    if len(fits) > 1:
        raise Refused("class_ambiguous", value=str(grade))
    if "primary" in offer.known_stages or len(_candidates(said, offer)) != 1:
        later = [stage for stage in offer.known_stages if stage != "primary"]
        is_relative = "primary" not in offer.known_stages and len(later) > 1 and grade <= 3
        raise Refused("class_ambiguous" if is_relative else "grade_not_offered", value=str(grade))
    return _from_years(grade, said, offer)


def _candidates(said: _Said, offer: Offer) -> tuple[Stage, ...]:
    if said.stage is None:
        return offer.known_stages
    if said.stage == "senior" and "senior" not in offer.known_stages and "vocational" in offer.known_stages:
        return ("vocational",)  # vocational schools say 高一 too
    return (said.stage,) if said.stage in offer.known_stages else ()


def _name_of(cohort: _Cohort, number: int, offer: Offer) -> str:
    if cohort.grade is None:
        return f"{cohort.entry_year}级({number})班"
    if cohort.grade < _SENIOR_FIRST:
        return f"{_CHINESE[cohort.grade - 1]}({number})班"
    prefix = "职" if cohort.stage == "vocational" else "高"
    return f"{prefix}{_CHINESE[cohort.grade - offer.grades_of(cohort.stage)[0]]}({number})班"
