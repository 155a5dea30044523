"""Sign-ins: handing out first passwords, resetting second factors, ending sessions."""

from allauth.mfa.models import Authenticator

from xinqiao.foundation.access.actors import Actor, demand
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command, record
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.first_passwords import (
    CannotGiveLogin,
    FirstPassword,
    create_login,
    draw_anew,
)
from xinqiao.register.accounts.granting import end_sessions_of, needed_now, refusal_to_help_now
from xinqiao.register.accounts.models import User
from xinqiao.register.people.models import Staff


@command(Permission.STAFF_EDIT)
def give_login(staff: Staff, *, actor: Actor, login: str) -> FirstPassword:
    """Give a member of staff a sign-in; its first password must be changed at once. Raise CannotGiveLogin."""
    given = create_login(staff, login, by=actor.id)
    record("accounts.login.added", subject_kind="staff", subject_id=staff.id, place=staff.place,
           county_id=staff.county_id, facts={"login": given.login})  # fmt: skip
    return given


@command(Permission.STAFF_EDIT)
def give_new_password(staff: Staff, *, actor: Actor) -> FirstPassword:
    """Draw another first password; sessions end. Raise CannotGiveLogin, or Forbidden by rules.needed_to_help."""
    user = _helped(staff, actor)
    given = draw_anew(staff, user, by=actor.id)
    record("accounts.password.given", subject_kind="staff", subject_id=staff.id, place=staff.place,
           county_id=staff.county_id)  # fmt: skip
    return given


@command(Permission.STAFF_EDIT)
def reset_second_factor(staff: Staff, *, actor: Actor) -> int:
    """Take every authenticator and recovery code off; the next sign-in sets up a new one. Return how many.

    Raise CannotGiveLogin, or Forbidden by the same rule as for a password.
    """
    user = _helped(staff, actor)
    removed: int = Authenticator.objects.filter(user_id=user.id).delete()[0]
    end_sessions_of([user.id])
    record("accounts.factor.reset", subject_kind="staff", subject_id=staff.id, place=staff.place,
           county_id=staff.county_id, facts={"removed": removed})  # fmt: skip
    return removed


def _helped(staff: Staff, actor: Actor) -> User:
    """The user of someone whom this actor may help to sign in again."""
    user = _user_of(staff, actor)
    for each in needed_now(staff, user, today()):
        demand(actor, each.permission, each.place)
    return user


def _user_of(staff: Staff, actor: Actor) -> User:
    # Locked: a role granted at this moment is seen by the check, or sees who drew the password.
    user = User.objects.select_for_update().filter(staff_id=staff.id).first()
    refusal = refusal_to_help_now(staff, user, actor)
    if user is None or refusal:
        raise CannotGiveLogin(refusal)
    return user
