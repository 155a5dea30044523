"""Granting and ending roles, and what the database itself refuses."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from xinqiao.foundation.access.actors import Forbidden
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.actors import actor_for, users_with
from xinqiao.register.accounts.models import Membership
from xinqiao.register.accounts.services.memberships import CannotGrant, end_membership, grant_role
from xinqiao.register.accounts.tests.conftest import NOW

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 23)


@pytest.fixture
def grant(cast, actor_of):
    def act(role: Role, *, by: str = "security.linxi", to: str = "subject.songhu", unit: str = "songhu-junior", **more):
        return grant_role(cast.units[unit], actor=actor_of(by), staff=cast.staff[to], role=role, start_on=ON,
                          **more).membership  # fmt: skip

    return act


def test_a_granted_role_holds_and_is_recorded(cast, grant):
    row = grant(Role.PSYCH_TEACHER)
    user = cast.users["subject.songhu"]
    assert Role.PSYCH_TEACHER in actor_for(user, ON).roles()
    assert Role.PSYCH_TEACHER not in actor_for(user, ON - dt.timedelta(days=1)).roles()
    assert row.granted_by == cast.users["security.linxi"].id
    event = AuditEvent.objects.get(event="accounts.membership.granted")
    assert event.place == cast.units["songhu-junior"].path
    assert "psych_teacher" in event.facts


@pytest.mark.parametrize("by", ["head.songhu", "psych.songhu", "admin.linxi", "audit.linxi", "city.linxi"])
def test_only_the_security_officer_grants(grant, by):
    with pytest.raises(Forbidden):
        grant(Role.MENTOR, by=by)


def test_nobody_grants_to_himself(grant, cast):
    with pytest.raises(CannotGrant, match="own"):
        grant(Role.CITY_OFFICER, to="security.linxi", unit="linxi")
    assert Membership.objects.filter(user=cast.users["security.linxi"]).count() == 1


def test_control_without_the_rule_it_would_be_granted(grant, monkeypatch):
    monkeypatch.setattr("xinqiao.register.accounts.granting.refusal_to_grant", lambda wish: "")
    assert grant(Role.CITY_OFFICER, to="security.linxi", unit="linxi").role == "city_officer"


def test_someone_of_another_school_is_refused(grant):
    with pytest.raises(CannotGrant, match="other_unit"):
        grant(Role.PSYCH_TEACHER, to="psych.primary")


@pytest.mark.parametrize(("held", "wanted"), [("admin.linxi", Role.AUDITOR), ("audit.linxi", Role.SYSTEM_ADMIN),
                                               ("admin.linxi", Role.SECURITY_OFFICER)])  # fmt: skip
def test_keepers_are_never_one_person(grant, held, wanted):
    with pytest.raises(CannotGrant, match="keepers_apart"):
        grant(wanted, to=held, unit="linxi")


@pytest.mark.parametrize(
    ("roles", "is_joint", "is_refused"),
    [
        ((Role.AUDITOR, Role.SYSTEM_ADMIN), True, True),
        ((Role.AUDITOR, Role.SECURITY_OFFICER), True, True),
        ((Role.SECURITY_OFFICER, Role.SYSTEM_ADMIN), False, True),
        ((Role.SECURITY_OFFICER, Role.SYSTEM_ADMIN), True, False),
        ((Role.MENTOR, Role.SYSTEM_ADMIN), False, False),
    ],
)
def test_the_database_keeps_keepers_apart(cast, roles, is_joint, is_refused):
    user = cast.users["subject.songhu"]
    first, second = roles
    Membership.objects.create(user=user, role=first, place="x/", start_on=ON)
    try:
        with transaction.atomic():
            Membership.objects.create(user=user, role=second, place="x/", start_on=ON, is_joint=is_joint)
    except IntegrityError:
        assert is_refused
    else:
        assert not is_refused


def test_in_one_school_two_offices_may_be_in_one_hand(grant):
    grant(Role.SECURITY_OFFICER)
    assert grant(Role.SYSTEM_ADMIN).is_joint
    with pytest.raises(CannotGrant, match="keepers_apart"):
        grant(Role.AUDITOR)


def test_an_ended_role_ends_and_with_it_the_session(cast, grant, actor_of, client):
    row = grant(Role.PSYCH_TEACHER)
    user = cast.users["subject.songhu"]
    user.refresh_from_db()  # the sign-in was renewed with the role
    client.force_login(user)
    assert client.get(reverse("mfa_index")).status_code == 200
    end_membership(row, actor=actor_of("security.linxi"))
    assert Role.PSYCH_TEACHER not in actor_for(user, ON).roles()
    assert client.get(reverse("mfa_index")).status_code == 302
    assert isinstance(end_membership(row, actor=actor_of("security.linxi")), Unchanged)
    grant(Role.PSYCH_TEACHER)


def test_a_dated_role_ends_by_itself(cast, grant):
    grant(Role.PSYCH_TEACHER, end_on=ON + dt.timedelta(days=3))
    school = cast.units["songhu-junior"].path
    with clock.frozen(NOW + dt.timedelta(days=3)):
        names = [user.username for user in users_with("psych_teacher", school, clock.today())]
    assert "subject.songhu" not in names
    assert "subject.songhu" in [user.username for user in users_with("psych_teacher", school, ON)]
