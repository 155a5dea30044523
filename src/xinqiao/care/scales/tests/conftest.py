"""A school with its psychology and class teacher, another school, and what ships, published."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.utils.translation import override

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.services.publishing import publish_shipped_scales
from xinqiao.doors.demo.cast import read_city
from xinqiao.doors.demo.tree import add_staff, build_tree
from xinqiao.foundation.access.actors import Actor, Grant
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core import clock
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.accounts.models import User
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.services.units import build_unit

PASSWORD = "only-in-tests-7Q"
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


@pytest.fixture
def scale(capsys):
    """Run a subcommand in English and return (exit code, standard output, standard error)."""

    def run(*words):
        capsys.readouterr()
        code = 0
        with override("en"):
            try:
                call_command("scale", *map(str, words))
            except SystemExit as end:
                code = end.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def client_of(db, client, house):
    """Sign in as someone of the named cast: `client_of("psych.songhu")`, of a school beside the house."""
    built = build_tree(read_city(), clock.today(), only={"songhu-junior"})
    add_staff(built, read_city(), password=PASSWORD)

    def sign_in(start: str):
        login = next(login for login in built.users if login.startswith(start))
        client.force_login(User.objects.get(pk=built.users[login].pk))
        return client

    sign_in.units = built.units
    return sign_in
