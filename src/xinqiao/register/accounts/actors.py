"""From a signed-in user to an Actor."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from xinqiao.foundation.access.actors import Actor, Grant
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.core.places import places_above
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.models import Membership, User
from xinqiao.register.people.models import Staff


def held_on(on: dt.date) -> Q:
    """Return the condition that a membership holds on a day."""
    return (Q(end_on=None) | Q(end_on__gt=on)) & Q(start_on__lte=on)


def actor_for(user: User, on: dt.date) -> Actor:
    """Return the actor that a user is on a day: every membership that holds then, and the opened name."""
    staff = Staff.objects.for_system(reason="the actor's own name").filter(pk=user.staff_id).first()
    if staff and staff.left_on and staff.left_on <= on:
        return Actor(id=user.id, staff_id=staff.id, key_id=staff.key_id)
    held = Membership.objects.filter(held_on(on), user=user)
    return Actor(
        id=user.id,
        name=_name(staff) if staff else user.username,
        grants=tuple(Grant(Role(row.role), row.place) for row in held.order_by("start_on", "id")),
        staff_id=staff.id if staff else None,
        key_id=staff.key_id if staff else None,
    )


def roles_of(user: User, on: dt.date) -> frozenset[Role]:
    """Return the roles that a user holds anywhere on a day."""
    held = Membership.objects.filter(held_on(on), user=user)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def _name(staff: Staff) -> str:
    (opened,) = open_sealed([staff], "name")
    return opened["name"] or ""


def staff_names(staff_ids: list[UUID]) -> dict[UUID, str]:
    """Return opened names of staff by id, for showing who did what."""
    rows = list(Staff.objects.for_system(reason="names of colleagues on a page").filter(pk__in=staff_ids))
    return {row.id: opened["name"] or "" for row, opened in zip(rows, open_sealed(rows, "name"), strict=True)}


def staff_choices(staff_ids: list[UUID]) -> list[tuple[str, str]]:
    """Return staff as choices of a form, in the order given; whoever is not there any more is left out."""
    names = staff_names(staff_ids)
    return [(str(each), names[each]) for each in staff_ids if each in names]


def user_names(user_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return opened names of staff by the id of their user; the sign-in name where there is no staff."""
    users = list(User.objects.filter(pk__in=user_ids))
    names = staff_names([user.staff_id for user in users if user.staff_id])
    return {user.id: names.get(user.staff_id, user.username) if user.staff_id else user.username for user in users}


def users_with(role: str, place: str, on: dt.date) -> list[User]:
    """Return active users who hold a role exactly at or above a place, nearest first."""
    held = Membership.objects.filter(
        held_on(on), role=role, place__in=places_above(place), user__is_active=True
    )  # fmt: skip
    rows = sorted(held.select_related("user"), key=lambda row: -len(row.place))
    return [row.user for row in rows]
