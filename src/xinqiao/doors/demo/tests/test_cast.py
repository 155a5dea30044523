"""The cast is complete: whoever raises a notice has somebody to climb to, and a screening is called what it asks."""

import pytest

from xinqiao.doors.demo.cast import read_city
from xinqiao.register.orgs.naming import DIGITS_ZH

CITY = read_city()
# The first grade of a stage: 一年级 to 九年级, 高一.
FIRST = {"primary": 1, "junior": 7}


def logins_at(unit: str, role: str) -> list[str]:
    return [seed.login for seed in CITY.staff if (seed.at, seed.role) == (unit, role)]


@pytest.mark.parametrize("unit", sorted({seed.at for seed in CITY.staff if seed.role == "psych_teacher"}))
def test_where_a_psychology_teacher_works_there_is_a_principal(unit):
    assert logins_at(unit, "principal")


def test_every_school_that_screens_pupils_has_a_psychology_teacher():
    for unit in CITY.units:
        assert logins_at(unit.code, "psych_teacher") or set(unit.stages) <= {"kindergarten"}, unit.code


def grade_word(stage: str, grade: int) -> str:
    return f"高{DIGITS_ZH[grade]}" if stage == "senior" else f"{DIGITS_ZH[FIRST[stage] + grade - 1]}年级"


def test_a_screening_named_for_a_grade_asks_that_grade():
    for seed in CITY.campaigns.elsewhere:
        assert grade_word(seed.stage, seed.grade) in seed.name
    assert "八、九年级" in CITY.campaigns.ended  # screenings.py: years 2 and 3 of junior school
    assert not any("新生" in name for name in (CITY.campaigns.ended, *(s.name for s in CITY.campaigns.elsewhere)))


def test_both_counties_have_screenings_and_one_officer_sees_two_schools():
    county = {unit.code: unit.under for unit in CITY.units}
    screened = {"songhu-junior", *(seed.at for seed in CITY.campaigns.elsewhere)}
    assert {county[unit] for unit in screened} == {"songhu", "wangshan"}
    assert len([unit for unit in screened if county[unit] == "songhu"]) == 2
