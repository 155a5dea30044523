"""Whoever drew a password may have kept it: a role that opens more than they may see ends it."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from xinqiao.foundation.access.actors import Actor, Grant, system_actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core.ids import new_id
from xinqiao.register.accounts.adapter import StaffAdapter
from xinqiao.register.accounts.granting import Granted
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.accounts.rules import Needed, needed_anew
from xinqiao.register.accounts.services.logins import give_new_password
from xinqiao.register.accounts.services.memberships import end_membership, grant_role
from xinqiao.register.accounts.services.staff import StaffDraft, add_staff
from xinqiao.register.accounts.tests.conftest import enrol
from xinqiao.register.people.models import Staff

pytestmark = pytest.mark.django_db
KEPT = "kept-by-the-head-4T"


@pytest.fixture
def newcomer(cast, actor_of) -> Staff:
    """Someone whom the head registered, and as whom the head has signed in, chosen a password and a second factor."""
    school = cast.units["songhu-junior"]
    given = add_staff(school, actor=actor_of("head.songhu"), draft=StaffDraft("䶮小雨"), login="new.songhu")
    user = User.objects.get(username=given.login)
    user.set_password(KEPT)
    user.must_change_password = False
    user.save()
    enrol(user)
    return Staff.objects.for_system(reason="a test").get(pk=given.staff_id)


@pytest.fixture
def grant(cast, newcomer, actor_of):
    def act(
        role: Role = Role.PSYCH_TEACHER, by: Actor | str = "security.linxi", unit: str = "songhu-junior"
    ) -> Granted:
        actor = actor_of(by) if isinstance(by, str) else by
        return grant_role(cast.units[unit], actor=actor, staff=newcomer, role=role, start_on=cast.today)

    return act


def opens_by_what_the_head_kept() -> bool:
    """Does any of the three things that the head may have kept still open the newcomer's sign-in?"""
    user = User.objects.get(username="new.songhu")
    return user.check_password(KEPT) or Authenticator.objects.filter(user=user).exists()


def test_what_the_head_kept_opens_nothing_once_the_newcomer_reads_answers(newcomer, grant):
    session = Client()
    session.force_login(User.objects.get(username="new.songhu"))
    assert session.get(reverse("mfa_index")).status_code == 200
    granted = grant()
    assert not opens_by_what_the_head_kept()
    assert session.get(reverse("mfa_index")).status_code == 302
    user = User.objects.get(username="new.songhu")
    assert user.check_password(granted.slip.password)
    assert user.must_change_password
    event = AuditEvent.objects.get(event="accounts.sign_in.renewed")
    assert (event.subject_id, "psych_teacher" in event.facts) == (newcomer.id, True)
    assert granted.slip.password not in "".join(AuditEvent.objects.values_list("facts", flat=True))


def test_control_without_the_look_at_who_drew_it_the_head_would_hold_it(grant, monkeypatch):
    monkeypatch.setattr("xinqiao.register.accounts.granting.needed_anew", lambda before, after: ())
    assert grant().slip is None
    assert opens_by_what_the_head_kept()


def test_a_role_that_the_head_may_help_with_renews_nothing(grant):
    assert grant(Role.MENTOR).slip is None
    assert opens_by_what_the_head_kept()


@pytest.mark.parametrize("unit", ["songhu", "linxi"])
def test_a_role_over_more_than_the_head_keeps_renews(grant, unit):
    assert grant(Role.RESEARCHER, unit=unit).slip
    assert not opens_by_what_the_head_kept()


def test_a_password_that_the_officer_drew_stays(newcomer, actor_of, grant):
    give_new_password(newcomer, actor=actor_of("security.linxi"))
    granted = grant()
    assert (granted.slip, granted.is_closed) == (None, False)


def test_it_is_renewed_again_after_the_head_helped_in_between(cast, newcomer, grant, actor_of):
    end_membership(grant().membership, actor=actor_of("security.linxi"))
    assert grant().slip is None, "control: the officer drew it"
    end_membership(Membership.objects.get(role=Role.PSYCH_TEACHER, end_on=None, user__username="new.songhu"),
                   actor=actor_of("security.linxi"))  # fmt: skip
    given = give_new_password(newcomer, actor=actor_of("head.songhu"))
    assert grant().slip
    assert not User.objects.get(username="new.songhu").check_password(given.password)


def test_a_school_gets_no_slip_of_a_sign_in_that_opens_the_county(cast, newcomer, grant):
    """The granter of the school would sign in as the county's researcher: nobody gets a slip, the city draws one."""
    user = User.objects.get(username="new.songhu")
    Membership.objects.create(user=user, role=Role.RESEARCHER, place=cast.units["songhu"].path, start_on=cast.today)
    school = Actor(id=new_id(), grants=(Grant(Role.SECURITY_OFFICER, cast.units["songhu-junior"].path),))
    granted = grant(by=school)
    assert (granted.slip, granted.is_closed) == (None, True)
    assert not User.objects.get(username="new.songhu").has_usable_password()
    assert not opens_by_what_the_head_kept()


def test_the_command_line_prints_what_it_drew(grant):
    assert grant(by=system_actor("command line")).slip


def test_a_page_of_before_sets_no_password_after(grant, rf):
    """The head's open form, sent at the moment of the grant."""
    before = User.objects.get(username="new.songhu")
    grant()
    with pytest.raises(PermissionDenied):
        StaffAdapter(rf.post("/")).set_password(before, KEPT)
    assert not opens_by_what_the_head_kept()


def test_what_is_needed_anew():
    school, campus = (Needed(Permission.GRANT_EDIT, place) for place in ("a/b/", "a/b/c/"))
    assert needed_anew([school], [school, campus]) == ()
    assert needed_anew([campus], [campus, school]) == (school,)
    assert needed_anew([Needed(Permission.STAFF_EDIT, "a/")], [campus]) == (campus,)


def test_the_newcomer_is_told_at_the_next_sign_in(grant):
    given = grant().slip
    client = Client(headers={"user-agent": "Lab"})
    answer = client.post(reverse("account_login"), {"login": given.login, "password": given.password})
    assert "二次验证" in " ".join(str(message) for message in get_messages(answer.wsgi_request))
