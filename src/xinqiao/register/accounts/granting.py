"""What granting and ending roles share: private bodies of the commands in services."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import F

from xinqiao.foundation.access.actors import SYSTEM_ID, Actor, system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import actor_for
from xinqiao.register.accounts.first_passwords import FirstPassword, close_password, draw_anew
from xinqiao.register.accounts.hooks import RoleEnded, role_ended
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.accounts.rules import (
    Held,
    Needed,
    Wish,
    is_joint,
    needed_anew,
    needed_to_help,
    refusal_to_grant,
    refusal_to_help,
)
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import unit_by_path
from xinqiao.register.people.models import Staff


class CannotGrant(ValueError):
    """The role may not be granted; `code` is one of rules.refusal_to_grant, or no_login."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def held_by(user: User) -> tuple[Held, ...]:
    """Return every membership of a user as the rules see it."""
    rows = Membership.objects.filter(user=user)
    return tuple(Held(Role(row.role), row.place, row.start_on, row.end_on) for row in rows)


def held_from(user: User, on: dt.date) -> tuple[Held, ...]:
    """Return the memberships that hold on a day or will later."""
    return tuple(each for each in held_by(user) if each.end_on is None or each.end_on > on)


def needed_now(staff: Staff, user: User, on: dt.date, soon: Collection[Held] = ()) -> tuple[Needed, ...]:
    """Return what whoever helps this person to sign in must hold: the one rule of pages, services and grants.

    `soon` are roles that are asked for and not granted yet.
    """
    return needed_to_help(staff.place, (*held_from(user, on), *soon))


def refusal_to_help_now(staff: Staff, user: User | None, actor: Actor) -> str:
    """Return why this actor does not help this person, whatever the actor holds; see rules.refusal_to_help."""
    is_own = user is not None and user.id == actor.id
    return refusal_to_help(has_login=user is not None, is_own=is_own, has_left=staff.left_on is not None)


@dataclass(frozen=True)
class Granted:
    """A role as granted. `slip` is the password drawn anew for it; `is_closed` says that somebody must draw one."""

    membership: Membership
    slip: FirstPassword | None = None
    is_closed: bool = False


def grant_one(
    unit: Unit,
    staff: Staff,
    role: Role,
    start_on: dt.date,
    end_on: dt.date | None = None,
    *,
    granter: Actor,
    shows_slip: bool = False,
) -> Granted:
    """Grant a role over a unit for [start_on, end_on) and record it; raise CannotGrant.

    Where the sign-in opens more from now on than whoever drew its password may help with, that password ends with the
    second factor and the sessions. `shows_slip`: the granter reads the new one at once; else somebody draws it later.
    """
    user = User.objects.select_for_update().filter(staff_id=staff.id).first()
    if user is None:
        raise CannotGrant("no_login")
    held = held_by(user)
    wish = Wish(
        role=role, place=unit.path, unit_kind=unit.kind, start_on=start_on, end_on=end_on, staff_place=staff.place,
        held=held, is_own=user.id == granter.id, has_left=staff.left_on is not None and staff.left_on <= start_on,
        granter_roles=granter.roles(),
    )  # fmt: skip
    code = refusal_to_grant(wish)
    if code:
        raise CannotGrant(code)
    before = needed_now(staff, user, today())
    joint = is_joint(role, [each.role for each in held if each.meets(start_on, end_on)])
    try:
        with transaction.atomic():
            row = Membership.objects.create(
                user=user, role=role, place=unit.path, start_on=start_on, end_on=end_on, granted_by=granter.id,
                is_joint=joint,
            )  # fmt: skip
    except IntegrityError as error:  # someone else granted the same at the same moment
        raise CannotGrant("held_already") from error
    record("accounts.membership.granted", subject_kind="staff", subject_id=staff.id, place=unit.path,
           county_id=unit.county_id, facts={"role": role, "start_on": start_on, "end_on": end_on})  # fmt: skip
    return _renewed(row, staff, user, before, granter if shows_slip else None)


def _renewed(row: Membership, staff: Staff, user: User, before: tuple[Needed, ...], shown_to: Actor | None) -> Granted:
    """Renew a sign-in whose password was drawn by somebody who may not help with what it opens now."""
    after = needed_now(staff, user, today())
    if not user.has_usable_password() or _may_all(_who_drew(user), needed_anew(before, after)):
        return Granted(row)
    removed: int = Authenticator.objects.filter(user_id=user.id).delete()[0]
    slip = None
    if shown_to is not None and _may_all(shown_to, after):
        slip = draw_anew(staff, user, by=shown_to.id)
    else:
        close_password(user)
    record("accounts.sign_in.renewed", subject_kind="staff", subject_id=staff.id, place=staff.place,
           county_id=staff.county_id,
           facts={"role": row.role, "removed": removed, "drawn": slip is not None})  # fmt: skip
    return Granted(row, slip, is_closed=slip is None)


def _may_all(actor: Actor | None, needed: tuple[Needed, ...]) -> bool:
    return not needed or (actor is not None and all(actor.can(each.permission, each.place) for each in needed))


def _who_drew(user: User) -> Actor | None:
    """Return who drew the password in force; None where nobody knows."""
    if user.password_by == SYSTEM_ID:
        return system_actor("command line")
    drew = User.objects.filter(pk=user.password_by).first() if user.password_by else None
    return actor_for(drew, today()) if drew else None


def end_role(membership: Membership, on: dt.date) -> None:
    """End a role of someone who stays: the open sessions end with it, and the floors above are told."""
    end_one(membership, on)
    end_sessions_of([membership.user_id])
    if membership.user.staff_id is not None:
        role_ended.send([RoleEnded(membership.user.staff_id, membership.place, on)])


def end_one(membership: Membership, on: dt.date) -> None:
    """End a membership on a day, or before it began, and record it."""
    membership.end_on = max(on, membership.start_on)
    membership.save(update_fields=["end_on"])
    unit = unit_by_path(membership.place)
    record("accounts.membership.ended", subject_kind="staff", subject_id=membership.user.staff_id,
           place=membership.place, county_id=unit.county_id if unit else None,
           facts={"role": membership.role, "on": membership.end_on})  # fmt: skip


def end_sessions_of(user_ids: Collection[UUID]) -> None:
    """End every open session of these users: each session carries the epoch it began in."""
    User.objects.filter(pk__in=user_ids).update(session_epoch=F("session_epoch") + 1)
