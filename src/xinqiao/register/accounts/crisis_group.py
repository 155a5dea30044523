"""The psychological-crisis leading group of a school, read off the roles that hold there (S1-07e)."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from xinqiao.foundation.access.permissions import Role
from xinqiao.register.accounts.actors import held_on, user_names
from xinqiao.register.accounts.models import Membership
from xinqiao.register.accounts.role_labels import ROLE_LABELS
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.sorting import sound_order

SEATS = (Role.PRINCIPAL, Role.LEADING_GROUP, Role.PSYCH_TEACHER)


@dataclass(frozen=True)
class Seat:
    """One person of the group: under which role, and since when."""

    name: str
    role: str | Promise
    start_on: dt.date


@dataclass(frozen=True)
class CrisisGroup:
    """Who sits in the group on a day; it is on record once each kind of seat has somebody."""

    seats: tuple[Seat, ...]
    lacks: tuple[str | Promise, ...]

    @property
    def is_on_record(self) -> bool:
        """Does the head sit there, somebody of the leading group and a psychology teacher?"""
        return not self.lacks


def crisis_group_of(school: Unit, on: dt.date) -> CrisisGroup:
    """Return the group of a school that was fetched for an actor; three queries, however many people there are."""
    held = Membership.objects.filter(held_on(on), place=school.path, role__in=SEATS, user__is_active=True)
    rows = list(held)
    names: dict[UUID, str] = user_names({row.user_id for row in rows})
    rows.sort(key=lambda row: (SEATS.index(Role(row.role)), sound_order(names[row.user_id])))
    present = {row.role for row in rows}
    return CrisisGroup(
        seats=tuple(Seat(names[row.user_id], ROLE_LABELS[Role(row.role)], row.start_on) for row in rows),
        lacks=tuple(ROLE_LABELS[role] for role in SEATS if role not in present),
    )
