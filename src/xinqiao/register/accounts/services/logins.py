"""Sign-ins: handing out first passwords, resetting second factors, ending sessions."""

from collections.abc import Sequence

from allauth.mfa.models import Authenticator

from xinqiao.foundation.access.actors import Actor, demand
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command, record
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.first_passwords import CannotGiveLogin, FirstPassword, create_login, new_password
from xinqiao.register.accounts.granting import end_sessions_of, held_from
from xinqiao.register.accounts.limits import forget_name
from xinqiao.register.accounts.models import User
from xinqiao.register.accounts.rules import Held, has_care, has_keeping
from xinqiao.register.people.models import Staff


@command(Permission.STAFF_EDIT)
def give_login(staff: Staff, *, actor: Actor, login: str) -> FirstPassword:
    """Give a member of staff a sign-in; its first password must be changed at once. Raise CannotGiveLogin."""
    del actor
    given = create_login(staff, login)
    record("accounts.login.added", subject_kind="staff", subject_id=staff.id, place=staff.place,
           county_id=staff.county_id, facts={"login": given.login})  # fmt: skip
    return given


@command(Permission.STAFF_EDIT)
def give_new_password(staff: Staff, *, actor: Actor) -> FirstPassword:
    """Draw another first password; sessions end. Raise CannotGiveLogin or Forbidden.

    Whose sign-in opens answers and notes, or keeps the system, gets one from the security officer alone: otherwise
    a principal could sign in as the psychology teacher.
    """
    user = _user_of(staff, actor)
    held = held_from(user, today())
    roles = {each.role for each in held}
    if has_care(roles) or has_keeping(roles):
        _demand_officer(actor, staff, held)
    password = new_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    end_sessions_of([user.id])
    forget_name(user.username)
    record("accounts.password.given", subject_kind="staff", subject_id=staff.id, place=staff.place,
           county_id=staff.county_id)  # fmt: skip
    return FirstPassword(staff.id, user.username, password)


@command(Permission.GRANT_EDIT)
def reset_second_factor(staff: Staff, *, actor: Actor) -> int:
    """Take every authenticator and recovery code off; the next sign-in sets up a new one. Return how many."""
    user = _user_of(staff, actor)
    _demand_officer(actor, staff, held_from(user, today()))
    removed: int = Authenticator.objects.filter(user_id=user.id).delete()[0]
    end_sessions_of([user.id])
    record("accounts.factor.reset", subject_kind="staff", subject_id=staff.id, place=staff.place,
           county_id=staff.county_id, facts={"removed": removed})  # fmt: skip
    return removed


def _demand_officer(actor: Actor, staff: Staff, held: Sequence[Held]) -> None:
    """Raise Forbidden unless the actor grants wherever this sign-in opens something, or will: never only below."""
    for place in (staff.place, *(each.place for each in held)):
        demand(actor, Permission.GRANT_EDIT, place)


def _user_of(staff: Staff, actor: Actor) -> User:
    user = User.objects.filter(staff_id=staff.id).first()
    if user is None:
        raise CannotGiveLogin("no_login")
    if user.id == actor.id:
        raise CannotGiveLogin("own")
    if staff.left_on is not None:
        raise CannotGiveLogin("has_left")
    return user
