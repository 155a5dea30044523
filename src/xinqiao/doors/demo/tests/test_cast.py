"""The cast is complete: whoever raises a notice has somebody to climb to."""

import pytest

from xinqiao.doors.demo.cast import read_city

CITY = read_city()


def logins_at(unit: str, role: str) -> list[str]:
    return [seed.login for seed in CITY.staff if (seed.at, seed.role) == (unit, role)]


@pytest.mark.parametrize("unit", sorted({seed.at for seed in CITY.staff if seed.role == "psych_teacher"}))
def test_where_a_psychology_teacher_works_there_is_a_principal(unit):
    assert logins_at(unit, "principal")


def test_every_school_that_screens_pupils_has_a_psychology_teacher():
    for unit in CITY.units:
        assert logins_at(unit.code, "psych_teacher") or set(unit.stages) <= {"kindergarten"}, unit.code
