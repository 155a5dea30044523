"""Class names as schools write them, for schools of every kind."""

import pytest

from xinqiao.engines.roster import class_names
from xinqiao.engines.roster.class_names import LARGEST_CLASS_NUMBER, Offer, read_class, read_stage
from xinqiao.engines.roster.codes import Refused

NINE_YEARS = ("primary", "junior")


def read(text, stages, *, grade="", school_year=2024, primary_years=6, **columns):
    return read_class(text, offer=Offer(school_year, stages, primary_years), grade_text=grade, **columns)


def facts(text, stages, **columns):
    found = read(text, stages, **columns)
    return found.stage, found.grade, found.entry_year, found.number


def code_of(text, stages, **columns) -> str:
    with pytest.raises(Refused) as caught:
        read(text, stages, **columns)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "七(3)班",
        "七（3）班",
        "七年级3班",
        "七年级(3)班",
        "七年级03班",
        "七年级三班",
        "703",
        "0703",
        "703班",
        "初一(3)",
        "初一3班",
        "初一年级3班",
        "七3",
        "七三班",
        "七.3",
        "7.3班",
        "7-3",
        "7-3班",
        "7(3)班",
        "７（３）班",
        "7年级3班",
        "初中2024级3班",
        "初2024级3班",
        "七【3】班",
        "七〔3〕班",
        "七［3］班",
        "初中部一年级3班",
        "七年三班",
        "七_3",
    ],
)
def test_the_same_class_in_many_writings(text):
    found = read(text, NINE_YEARS)
    assert (found.stage, found.grade, found.entry_year, found.number, found.name) == ("junior", 7, 2024, 3, "七(3)班")


@pytest.mark.parametrize(
    ("text", "stages", "expected"),
    [
        ("一年级二班", ("primary",), ("primary", 1, 2024, 2)),
        ("三年级十一班", NINE_YEARS, ("primary", 3, 2022, 11)),
        ("一二班", ("primary",), ("primary", 1, 2024, 2)),
        ("八1", NINE_YEARS, ("junior", 8, 2023, 1)),
        ("8.1班", NINE_YEARS, ("junior", 8, 2023, 1)),
        ("小学部一年级2班", NINE_YEARS, ("primary", 1, 2024, 2)),
        ("2024级3班", ("junior",), ("junior", 7, 2024, 3)),
        ("2024级(3)班", ("senior",), ("senior", 10, 2024, 3)),
        ("24级3班", ("senior",), ("senior", 10, 2024, 3)),
        ("高2023级2班", ("junior", "senior"), ("senior", 11, 2023, 2)),
        ("小2024级1班", NINE_YEARS, ("primary", 1, 2024, 1)),
        ("初2027届3班", NINE_YEARS, ("junior", 7, 2024, 3)),
        ("2020级3班", NINE_YEARS, ("primary", 5, 2020, 3)),
        ("2027届3班", ("junior",), ("junior", 7, 2024, 3)),
        ("2025届5班", ("senior",), ("senior", 12, 2022, 5)),
        ("高二(12)班", ("senior",), ("senior", 11, 2023, 12)),
        ("高一1班", ("junior", "senior"), ("senior", 10, 2024, 1)),
        ("1012", ("junior", "senior"), ("senior", 10, 2024, 12)),
        ("101", ("senior",), ("senior", 10, 2024, 1)),
        ("一年级3班", ("junior",), ("junior", 7, 2024, 3)),
        ("高一3班", ("vocational",), ("vocational", 10, 2024, 3)),
        ("G2-3", ("senior",), ("senior", 11, 2023, 3)),
        ("2023级3班", (), ("unknown", None, 2023, 3)),
        ("七(3)班", (), ("junior", 7, 2024, 3)),
    ],
)
def test_what_the_school_teaches_decides(text, stages, expected):
    assert facts(text, stages) == expected


def test_five_years_of_primary_school():
    assert facts("六(3)班", NINE_YEARS, primary_years=5) == ("junior", 6, 2024, 3)
    assert facts("初一3班", NINE_YEARS, primary_years=5) == ("junior", 6, 2024, 3)
    assert facts("初四3班", NINE_YEARS, primary_years=5) == ("junior", 9, 2021, 3)
    assert facts("六(3)班", NINE_YEARS) == ("primary", 6, 2019, 3)
    assert code_of("初四3班", NINE_YEARS) == "grade_not_offered"


@pytest.mark.parametrize(
    ("grade", "text"),
    [
        ("七年级", "3"),
        ("七年级", "3班"),
        ("7", "(3)班"),
        ("07", "三班"),
        ("七年级", "703"),
        ("初一", "七(3)班"),
        ("七", "第3班"),
        ("七年级", "2024级3班"),
        ("初中2024级", "3班"),
        ("七年级", "03"),
    ],
)
def test_with_a_grade_column(grade, text):
    assert facts(text, NINE_YEARS, grade=grade) == ("junior", 7, 2024, 3)


def test_columns_for_stage_and_entry_year_help():
    assert facts("2024级3班", NINE_YEARS, stage="junior") == ("junior", 7, 2024, 3)
    assert facts("3班", ("junior",), entry_year=2023) == ("junior", 8, 2023, 3)
    assert code_of("3班", NINE_YEARS, entry_year=2023) == "class_ambiguous"


@pytest.mark.parametrize(
    ("text", "stages", "code"),
    [
        ("2024级3班", NINE_YEARS, "class_ambiguous"),
        ("2027届3班", NINE_YEARS, "class_ambiguous"),
        ("G2-3", NINE_YEARS, "class_ambiguous"),
        ("12", NINE_YEARS, "class_ambiguous"),
        ("2403", NINE_YEARS, "class_ambiguous"),
        ("101", ("junior", "senior"), "class_ambiguous"),
        ("3班", NINE_YEARS, "class_without_grade"),
        ("3", NINE_YEARS, "class_without_grade"),
        ("十一班", NINE_YEARS, "class_without_grade"),
        ("七年级", NINE_YEARS, "class_number_missing"),
        ("高一3班", NINE_YEARS, "grade_not_offered"),
        ("703", ("primary",), "grade_not_offered"),
        ("2010级3班", ("junior",), "grade_not_offered"),
        ("七(A)班", NINE_YEARS, "class_unreadable"),
        ("实验班", NINE_YEARS, "class_unreadable"),
        ("七(0)班", NINE_YEARS, "class_number_implausible"),
        ("七(61)班", NINE_YEARS, "class_number_implausible"),
        ("", NINE_YEARS, "class_missing"),
    ],
)
def test_what_is_open_is_refused(text, stages, code):
    assert code_of(text, stages) == code


@pytest.mark.parametrize("text", ["803", "八(3)班", "203", "2023级3班"])
def test_a_class_that_contradicts_its_grade_column(text):
    assert code_of(text, NINE_YEARS, grade="七年级") == "class_contradicts_grade"


def test_without_the_comparison_the_contradiction_would_pass(monkeypatch):
    """Control of the test above."""
    monkeypatch.setattr(class_names, "_agrees", lambda said, cohort, offer: True)
    assert facts("803", NINE_YEARS, grade="七年级") == ("junior", 7, 2024, 3)


def test_grades_and_stages_that_are_none():
    assert code_of("3班", NINE_YEARS, grade="高高") == "grade_unreadable"
    assert read_stage("初中部") == "junior"
    assert read_stage("") is None
    with pytest.raises(Refused):
        read_stage("太空")


@pytest.mark.parametrize("number", [1, 9, 10, 11, 20, 21, LARGEST_CLASS_NUMBER])
@pytest.mark.parametrize("grade", range(1, 10))
def test_the_computed_name_is_read_back(grade, number):
    first = read(f"{grade}({number})班", NINE_YEARS)
    assert (first.grade, first.number) == (grade, number)
    assert read(first.name, NINE_YEARS) == first
