"""What granting and ending roles share: private bodies of the commands in services."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.recording import record
from xinqiao.register.accounts.hooks import RoleEnded, role_ended
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.accounts.rules import Held, Wish, is_joint, refusal_to_grant
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


def grant_one(
    unit: Unit,
    staff: Staff,
    role: Role,
    start_on: dt.date,
    end_on: dt.date | None = None,
    *,
    granted_by: UUID,
    granter_roles: frozenset[Role],
) -> Membership:
    """Grant a role over a unit for [start_on, end_on) and record it; raise CannotGrant."""
    user = User.objects.select_for_update().filter(staff_id=staff.id).first()
    if user is None:
        raise CannotGrant("no_login")
    held = held_by(user)
    wish = Wish(
        role=role, place=unit.path, unit_kind=unit.kind, start_on=start_on, end_on=end_on, staff_place=staff.place,
        held=held, is_own=user.id == granted_by, has_left=staff.left_on is not None and staff.left_on <= start_on,
        granter_roles=granter_roles,
    )  # fmt: skip
    code = refusal_to_grant(wish)
    if code:
        raise CannotGrant(code)
    joint = is_joint(role, [each.role for each in held if each.meets(start_on, end_on)])
    try:
        with transaction.atomic():
            row = Membership.objects.create(
                user=user, role=role, place=unit.path, start_on=start_on, end_on=end_on, granted_by=granted_by,
                is_joint=joint,
            )  # fmt: skip
    except IntegrityError as error:  # someone else granted the same at the same moment
        raise CannotGrant("held_already") from error
    record("accounts.membership.granted", subject_kind="staff", subject_id=staff.id, place=unit.path,
           county_id=unit.county_id, facts={"role": role, "start_on": start_on, "end_on": end_on})  # fmt: skip
    return row


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
