"""Actors, permissions and pages as values."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from xinqiao.foundation.access import pages
from xinqiao.foundation.access.actors import Actor, Forbidden, Grant, demand, system_actor
from xinqiao.foundation.access.pages import page
from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission, Role

SCHOOL, CLASS, OTHER = "aaaaaaaa/bbbbbbbb/", "aaaaaaaa/bbbbbbbb/cccccccc/", "aaaaaaaa/dddddddd/"
CHILD = uuid.uuid4()


def actor(*grants):
    return Actor(id=uuid.uuid4(), grants=tuple(Grant(role, place) for role, place in grants))


def test_every_role_has_its_permissions_and_every_permission_a_role():
    assert set(ROLE_PERMISSIONS) == set(Role)
    held = frozenset().union(*ROLE_PERMISSIONS.values())
    assert held == set(Permission)


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER, Role.SYSTEM_ADMIN])
def test_nobody_above_the_school_or_in_the_machine_room_reads_a_child(role):
    child = {P for P in Permission if P.startswith(("people.student", "screening.result", "alerts."))}
    child.discard(Permission.WARNING_BEYOND)  # a school, an urgency, minutes: no child
    assert not ROLE_PERMISSIONS[role] & child


def test_places_are_outermost_and_sorted():
    who = actor((Role.PSYCH_TEACHER, CLASS), (Role.PSYCH_TEACHER, SCHOOL), (Role.PSYCH_TEACHER, OTHER))
    assert who.places(Permission.STUDENT_LIST) == (SCHOOL, OTHER)


@pytest.mark.parametrize(
    ("place", "may"), [(CLASS, True), (SCHOOL, True), (OTHER, False), ("aaaaaaaa/", False), ("", False)]
)
def test_can_reaches_down_only(place, may):
    assert actor((Role.PSYCH_TEACHER, SCHOOL)).can(Permission.STUDENT_LIST, place) is may


def test_demand_raises():
    with pytest.raises(Forbidden):
        demand(actor((Role.CLASS_TEACHER, CLASS)), Permission.RESULT_FULL, CLASS)
    demand(system_actor("t"), Permission.RESULT_FULL, CLASS)


def test_the_role_that_opened_the_door_is_named():
    who = actor((Role.CLASS_TEACHER, CLASS), (Role.PRINCIPAL, SCHOOL))
    assert who.role_at(Permission.PIN_SLIP, CLASS) == Role.CLASS_TEACHER
    assert who.role_at(Permission.STAFF_EDIT, CLASS) == Role.PRINCIPAL


@pytest.fixture
def refusals(monkeypatch):
    found = []
    monkeypatch.setattr(pages.refused_at_a_child, "_receivers", [found.extend])
    return found


def request_of(who, **headers):
    request = RequestFactory().get("/x/", headers=headers)
    request.actor = who
    request.resolver_match = None
    return request


@page(Permission.RESULT_FULL, child="student_id")
def result(request, student_id):
    if getattr(request, "is_missing", False):
        raise Http404
    return HttpResponse("ok")


def test_nobody_is_asked_to_sign_in():
    assert result(request_of(None), student_id=CHILD).status_code == 302
    assert result(request_of(None, **{"HX-Request": "true"}), student_id=CHILD).status_code == 401


def test_lacking_right_is_403_and_noted(refusals):
    with pytest.raises(PermissionDenied):
        result(request_of(actor((Role.CLASS_TEACHER, CLASS))), student_id=CHILD)
    assert [(refusal.child_id, refusal.status) for refusal in refusals] == [(CHILD, 403)]


def test_wrong_place_is_404_and_noted(refusals):
    request = request_of(actor((Role.PSYCH_TEACHER, SCHOOL)))
    request.is_missing = True
    with pytest.raises(Http404):
        result(request, student_id=CHILD)
    assert [refusal.status for refusal in refusals] == [404]


def test_right_passes_without_a_note(refusals):
    assert result(request_of(actor((Role.PSYCH_TEACHER, SCHOOL))), student_id=CHILD).status_code == 200
    assert refusals == []
