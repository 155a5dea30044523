"""What a cohort is called on a day. Pure: the school year is an argument."""

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao.register.orgs.states import Stage

SCHOOL_YEAR_STARTS_IN_MONTH = 8
DIGITS_ZH = "零一二三四五六七八九"


def school_year_of(day: dt.date) -> int:
    """Return the calendar year in which the school year of this day began (it turns on 1 August for naming)."""
    return day.year if day.month >= SCHOOL_YEAR_STARTS_IN_MONTH else day.year - 1


def grade_in_stage(entry_year: int, on: dt.date) -> int:
    """Return 1 for the first year of the stage, 2 for the second, and so on; 0 or less before entry."""
    return school_year_of(on) - entry_year + 1


def national_grade(stage: str, entry_year: int, on: dt.date, primary_years: int = 6) -> int | None:
    """Return the grade 1–12, or None for stages outside it (kindergarten, university)."""
    before = {Stage.PRIMARY: 0, Stage.JUNIOR: primary_years, Stage.SENIOR: 9, Stage.VOCATIONAL: 9}.get(Stage(stage))
    return None if before is None else before + grade_in_stage(entry_year, on)


def grade_name(stage: str, entry_year: int, on: dt.date, primary_years: int = 6) -> str:
    """Return what the grade is called: 七年级, 高一, 职高二, 大三, 中班; "cohort 2019" once it has left."""
    year = grade_in_stage(entry_year, on)
    national = national_grade(stage, entry_year, on, primary_years)
    longest = {Stage.PRIMARY: primary_years, Stage.JUNIOR: 9 - primary_years}.get(Stage(stage), 5)
    if year < 1 or year > longest:
        return _("cohort {year}").format(year=entry_year)
    if stage in (Stage.PRIMARY, Stage.JUNIOR):
        return _("Grade {number}").format(number=_zh(national or year))
    if stage == Stage.SENIOR:
        return _("Senior {number}").format(number=_zh(year))
    if stage == Stage.VOCATIONAL:
        return _("Vocational {number}").format(number=_zh(year))
    if stage == Stage.UNIVERSITY:
        return _("University year {number}").format(number=_zh(year))
    return (_("Nursery class"), _("Middle class"), _("Upper class"), _("Upper class"), _("Upper class"))[year - 1]


def _zh(number: int) -> str:
    return DIGITS_ZH[number] if (get_language() or "").startswith("zh") and number < len(DIGITS_ZH) else str(number)


def class_name(stage: str, entry_year: int, number: int, on: dt.date, primary_years: int = 6) -> str:
    """Return what the class is called, such as 七年级(3)班."""
    return _("{grade} class {number}").format(grade=grade_name(stage, entry_year, on, primary_years), number=number)
