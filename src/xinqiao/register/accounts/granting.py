"""What granting and ending roles share: private bodies of the commands in services."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import F

from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.recording import record
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.accounts.rules import Held
from xinqiao.register.orgs.selectors import unit_by_path


def held_by(user: User) -> tuple[Held, ...]:
    """Return every membership of a user as the rules see it."""
    rows = Membership.objects.filter(user=user)
    return tuple(Held(Role(row.role), row.place, row.start_on, row.end_on) for row in rows)


def held_from(user: User, on: dt.date) -> tuple[Held, ...]:
    """Return the memberships that hold on a day or will later."""
    return tuple(each for each in held_by(user) if each.end_on is None or each.end_on > on)


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
