"""A short core of the walk for `make test-fast`: every page, as three kinds of people, at two spots."""

from collections.abc import Iterable
from contextlib import nullcontext

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tests.permissions.routes import every_route
from tests.permissions.table import ANONYMOUS, Row, read_expected
from tests.permissions.test_matrix import disagreements, met
from tests.permissions.walking import Cell, Walker, told
from tests.permissions.world import World
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import page
from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission, Role
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import actor_for

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("permissions")]
CORE_ROLES = (Role.CLASS_TEACHER.value, Role.COUNTY_OFFICER.value, ANONYMOUS)
CORE_SPOTS = ("own_class", "other_school")


def core_of(walker: Walker, rows: Iterable[Row], roles: Iterable[str] = CORE_ROLES) -> list[Cell]:
    """Visit every row as a few roles at a few spots."""
    return [
        walker.visit(row, role, spot)
        for row in rows
        for role in roles
        for spot in walker.relations_of(row)
        if spot in CORE_SPOTS or not row.is_of_a_spot
    ]


def test_every_url_has_a_row(undone: World):
    assert {route.name for route in every_route()} == {row.route for row in read_expected()}


def test_the_core_is_as_the_table_says(undone: World):
    cells = core_of(Walker(undone), read_expected())
    assert len(cells) > 500
    wrong = disagreements(cells)
    assert not wrong, told(wrong, met)


def test_control_one_permission_too_many_is_found_by_the_core(undone: World, monkeypatch):
    rows = [row for row in read_expected() if row.route == "screening:result"]
    role = Role.CLASS_TEACHER
    assert not disagreements(core_of(Walker(undone), rows, [role.value]))
    monkeypatch.setitem(ROLE_PERMISSIONS, role, ROLE_PERMISSIONS[role] | {Permission.RESULT_FULL})
    assert disagreements(core_of(Walker(undone), rows, [role.value]))


@pytest.mark.parametrize("is_asked", [True, False], ids=["asked", "control"])
def test_a_right_is_asked_for_before_a_page_reads_anything(undone: World, monkeypatch, is_asked: bool):
    """That is why the walk asks at one spot where a role has no right at all."""
    read: list[str] = []

    @page(Permission.QUEUE_VIEW)
    def view(_request: HttpRequest) -> HttpResponse:
        read.append("a row")
        return HttpResponse()

    request = RequestFactory().get("/")
    request.actor = actor_for(undone.user_of(Role.COUNTY_OFFICER.value), today())
    if not is_asked:
        monkeypatch.setattr(Actor, "can_somewhere", lambda _self, _permission: True)
    with nullcontext() if not is_asked else pytest.raises(PermissionDenied):
        view(request)
    assert bool(read) is not is_asked
