"""A province with a city, a county and two schools, and people who may change them."""

import datetime as dt
from dataclasses import dataclass

import pytest

from xinqiao.foundation.access.actors import Actor, Grant
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock, ids
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import build_unit, ensure_class

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)  # Monday 10:00 in Shanghai
ON = dt.date(2026, 11, 23)


@dataclass
class Tree:
    """Units by short names."""

    province: Unit
    city: Unit
    county: Unit
    school: Unit
    other: Unit
    group: Unit

    def actor(self, role: Role, unit: str) -> Actor:
        """Someone with a role over one of the units."""
        return Actor(id=ids.new_id(), grants=(Grant(role, getattr(self, unit).path),))


def _saved(parent: Unit | None, kind: str, code: str, **fields: object) -> Unit:
    unit = build_unit(parent, kind, code, code, **fields)
    unit.save(force_insert=True)
    return unit


@pytest.fixture
def tree(db) -> Tree:
    with clock.frozen(NOW):
        province = _saved(None, "province", "yl")
        city = _saved(province, "city", "lx")
        county = _saved(city, "county", "sh")
        school = _saved(county, "school", "sh-one", stages="primary,junior")
        other = _saved(county, "school", "sh-two", stages="junior")
        yield Tree(province, city, county, school, other, ensure_class(school, "junior", 2026, 3)[0])


@pytest.fixture
def browse(tree, client):
    """Sign someone in who holds a role over a unit, and return the browser."""
    from django.contrib.auth import get_user_model

    def act(role: Role, unit: str):
        user = get_user_model().objects.create_user(f"{role}.{unit}", "only-in-tests-7Q")
        user.memberships.create(role=role, place=getattr(tree, unit).path, start_on=ON)
        client.force_login(user)
        return client

    return act
