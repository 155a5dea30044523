"""A school with its psychology and class teacher, another school, and what ships, published."""

import datetime as dt
from dataclasses import dataclass

import pytest

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.services.publishing import publish_shipped_scales
from xinqiao.foundation.access.actors import Actor, Grant
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import build_unit

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class House:
    """Units, and who acts at them."""

    county: Unit
    school: Unit
    other: Unit
    psych: Actor
    teacher: Actor
    stranger: Actor
    officer: Actor


def someone(role: Role, *units: Unit) -> Actor:
    return Actor(id=new_id(), name="某人", grants=tuple(Grant(role, unit.path) for unit in units))


@pytest.fixture
def house(db) -> House:
    with clock.frozen(NOW):
        county = build_unit(None, "county", "brook", "溪口县")
        school = build_unit(county, "school", "first", "溪口县第一中学", stages="junior")
        other = build_unit(county, "school", "second", "溪口县第二中学", stages="junior")
        for unit in (county, school, other):
            unit.save(force_insert=True)
        publish_shipped_scales()
        yield House(
            county, school, other, someone(Role.PSYCH_TEACHER, school), someone(Role.CLASS_TEACHER, school),
            someone(Role.PSYCH_TEACHER, other), someone(Role.COUNTY_OFFICER, county),
        )  # fmt: skip


@pytest.fixture
def shipped(house) -> dict[str, ScaleVersion]:
    return {version.code: version for version in ScaleVersion.objects.filter(place="")}
