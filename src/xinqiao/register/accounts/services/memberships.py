"""Granting and ending roles."""

import datetime as dt

from django.db import IntegrityError, transaction

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.granting import end_one, end_sessions_of, held_by
from xinqiao.register.accounts.hooks import RoleEnded, role_ended
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.accounts.rules import Wish, is_joint, refusal_to_grant
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Staff


class CannotGrant(ValueError):
    """The role may not be granted; `code` is one of rules.refusal_to_grant, or no_login."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@command(Permission.GRANT_EDIT)
def grant_role(
    unit: Unit, *, actor: Actor, staff: Staff, role: Role, start_on: dt.date, end_on: dt.date | None = None
) -> Membership:
    """Grant a role over a unit and everything below it, for [start_on, end_on); raise CannotGrant."""
    user = User.objects.select_for_update().filter(staff_id=staff.id).first()
    if user is None:
        raise CannotGrant("no_login")
    held = held_by(user)
    wish = Wish(
        role=role, place=unit.path, unit_kind=unit.kind, start_on=start_on, end_on=end_on, staff_place=staff.place,
        held=held, is_own=user.id == actor.id, has_left=staff.left_on is not None and staff.left_on <= start_on,
        granter_roles=actor.roles(),
    )  # fmt: skip
    code = refusal_to_grant(wish)
    if code:
        raise CannotGrant(code)
    joint = is_joint(role, [each.role for each in held if each.meets(start_on, end_on)])
    try:
        with transaction.atomic():
            row = Membership.objects.create(
                user=user, role=role, place=unit.path, start_on=start_on, end_on=end_on, granted_by=actor.id,
                is_joint=joint,
            )  # fmt: skip
    except IntegrityError as error:  # someone else granted the same at the same moment
        raise CannotGrant("held_already") from error
    record("accounts.membership.granted", subject_kind="staff", subject_id=staff.id, place=unit.path,
           county_id=unit.county_id, facts={"role": role, "start_on": start_on, "end_on": end_on})  # fmt: skip
    return row


@command(Permission.GRANT_EDIT)
def end_membership(membership: Membership, *, actor: Actor) -> Membership | Unchanged:
    """End a role today; the holder's open sessions end with it."""
    del actor
    on = today()
    if membership.end_on is not None and membership.end_on <= on:
        return Unchanged("ended_already")
    end_one(membership, on)
    end_sessions_of([membership.user_id])
    if membership.user.staff_id is not None:
        role_ended.send([RoleEnded(membership.user.staff_id, membership.place, on)])
    return membership
