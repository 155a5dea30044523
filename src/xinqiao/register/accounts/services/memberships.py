"""Granting and ending roles."""

import datetime as dt

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission, Role
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.granting import CannotGrant, Granted, end_role, grant_one
from xinqiao.register.accounts.models import Membership
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.models import Staff

__all__ = ["CannotGrant", "Granted", "end_membership", "grant_role"]


@command(Permission.GRANT_EDIT)
def grant_role(
    unit: Unit, *, actor: Actor, staff: Staff, role: Role, start_on: dt.date, end_on: dt.date | None = None
) -> Granted:
    """Grant a role over a unit and everything below it, for [start_on, end_on); raise CannotGrant.

    The slip of a sign-in that was renewed is for the actor, who hands it over in person; see granting.grant_one.
    """
    return grant_one(unit, staff, role, start_on, end_on, granter=actor, shows_slip=True)


@command(Permission.GRANT_EDIT)
def end_membership(membership: Membership, *, actor: Actor) -> Membership | Unchanged:
    """End a role today; the holder's open sessions end with it."""
    del actor
    on = today()
    if membership.end_on is not None and membership.end_on <= on:
        return Unchanged("ended_already")
    end_role(membership, on)
    return membership
