"""Who is on duty, who could be, and who has a page open."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission
from xinqiao.foundation.core.places import bounds, places_above
from xinqiao.register.accounts.actors import held_on, staff_names
from xinqiao.register.accounts.models import Membership
from xinqiao.register.duty.models import DutyRole, DutyShift, LastSeen
from xinqiao.register.duty.rules import HeldRole, is_able_now, is_able_through

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet


@dataclass(frozen=True)
class ShiftRow:
    """One shift, names opened. `substitute_name` is the person it stands in for, empty if nobody."""

    id: UUID
    staff_id: UUID
    name: str
    role: str
    start_at: dt.datetime
    end_at: dt.datetime
    substitute_for: UUID | None = None
    substitute_name: str = ""

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(DutyRole(self.role).label)


@dataclass(frozen=True)
class Gap:
    """A stretch of a day in which nobody is on duty in a role."""

    role: str
    start_at: dt.datetime
    end_at: dt.datetime


def standing_shifts() -> "ScopedQuerySet[DutyShift]":
    """Return shifts that were not cancelled; who is on duty is known to all staff of a school."""
    rows: ScopedQuerySet[DutyShift] = DutyShift.objects.for_system(reason="who is on duty is asked for every signal")
    return rows.filter(cancelled_at__isnull=True)


def on_duty(place: str, at: dt.datetime, role: str | None = None) -> list[ShiftRow]:
    """Return who is on duty at a moment for a school, or for the school that a place below it belongs to.

    Someone who may not read notices there any more is not on duty, whatever the roster says.
    """
    rows = standing_shifts().filter(place__in=places_above(place), start_at__lte=at, end_at__gt=at)
    if role:
        rows = rows.filter(role=role)
    return shift_rows(_able_now(rows.order_by("role", "start_at"), place, at))


def is_someone_on_duty(place: str, at: dt.datetime) -> bool:
    """Is anybody on duty there at that moment, in whichever role?"""
    rows = standing_shifts().filter(place__in=places_above(place), start_at__lte=at, end_at__gt=at)
    return bool(_able_now(rows, place, at))


def able_shifts(shifts: Iterable[DutyShift], place: str) -> list[DutyShift]:
    """Return the shifts whose person may read notices of a place throughout; see rules.is_able_through."""
    found = list(shifts)
    held, above = _roles_held(found, place), places_above(place)
    return [
        shift for shift in found
        if is_able_through(
            held.get(shift.staff_id, ()), above, timezone.localtime(shift.start_at).date(),
            timezone.localtime(shift.end_at - dt.timedelta(microseconds=1)).date(),
        )
    ]  # fmt: skip


def _able_now(shifts: Iterable[DutyShift], place: str, at: dt.datetime) -> list[DutyShift]:
    """Return the shifts whose person may read notices of a place today; see rules.is_able_now."""
    found, on = list(shifts), timezone.localtime(at).date()
    held, above = _roles_held(found, place), places_above(place)
    return [shift for shift in found if is_able_now(held.get(shift.staff_id, ()), above, on)]


def _roles_held(shifts: Collection[DutyShift], place: str) -> dict[UUID, list[HeldRole]]:
    """Return the roles over a place of those who have these shifts, of whichever time."""
    found: dict[UUID, list[HeldRole]] = {}
    if not shifts:
        return found
    rows = _held_over(place).filter(user__staff_id__in={shift.staff_id for shift in shifts})
    for row in rows.select_related("user"):
        if row.user.staff_id is not None:
            held = HeldRole(row.role, row.place, row.start_on, row.end_on)
            found.setdefault(row.user.staff_id, []).append(held)
    return found


def able_shifts_between(place: str, start_at: dt.datetime, end_at: dt.datetime, role: str) -> list[DutyShift]:
    """Return the shifts of a role at a school that touch [start_at, end_at) and whose person may read notices."""
    rows = standing_shifts().filter(place=place, role=role, start_at__lt=end_at, end_at__gt=start_at)
    return able_shifts(rows.order_by("start_at"), place)


def shifts_between(place: str, start_at: dt.datetime, end_at: dt.datetime) -> list[ShiftRow]:
    """Return the shifts of a school that touch [start_at, end_at), in order of their beginning."""
    rows = standing_shifts().filter(place=place, start_at__lt=end_at, end_at__gt=start_at)
    return shift_rows(rows.order_by("start_at", "role"))


def shift_rows(shifts: Iterable[DutyShift]) -> list[ShiftRow]:
    """Return rows with opened names, all names loaded at once."""
    found = list(shifts)
    names = staff_names([i for shift in found for i in (shift.staff_id, shift.substitute_for) if i])
    return [
        ShiftRow(
            id=shift.id, staff_id=shift.staff_id, name=names.get(shift.staff_id, ""), role=shift.role,
            start_at=shift.start_at, end_at=shift.end_at, substitute_for=shift.substitute_for,
            substitute_name=names.get(shift.substitute_for, "") if shift.substitute_for else "",
        )
        for shift in found
    ]  # fmt: skip


def staff_who_may(permission: Permission, place: str, on: dt.date) -> list[UUID]:
    """Return staff ids of active users who hold a permission over a place on a day, nearest grant first."""
    return _nearest(_held(permission, place), on)


def staff_with_role(role: str, place: str, on: dt.date) -> list[UUID]:
    """Return staff ids of active users who hold a role over a place on a day, nearest grant first."""
    return _nearest(_held_over(place).filter(role=role), on)


def _held_over(place: str) -> QuerySet[Membership]:
    """Memberships of active users over a place, of whichever time."""
    return Membership.objects.filter(place__in=places_above(place), user__is_active=True, user__staff_id__isnull=False)


def _held(permission: Permission, place: str) -> QuerySet[Membership]:
    roles = [role.value for role, held in ROLE_PERMISSIONS.items() if permission in held]
    return _held_over(place).filter(role__in=roles)


def _nearest(memberships: QuerySet[Membership], on: dt.date) -> list[UUID]:
    held = memberships.filter(held_on(on))
    rows = sorted(held.values_list("place", "id", "user__staff_id"), key=lambda row: (-len(row[0]), row[1]))
    return list(dict.fromkeys(staff_id for _place, _id, staff_id in rows if staff_id))


def candidates(place: str, on: dt.date) -> dict[UUID, str]:
    """Return who may be put on duty for a school: those who may acknowledge a notice there, with their names."""
    ids = staff_who_may(Permission.NOTICE_ACKNOWLEDGE, place, on)
    names = staff_names(ids)
    return {staff_id: names[staff_id] for staff_id in ids if staff_id in names}


def people_of_school(place: str, on: dt.date) -> dict[UUID, str]:
    """Return those of a school who may be told of a pupil, with their names: who may be away, and who may stand in."""
    low, high = bounds(place)
    roles = [role.value for role, held in ROLE_PERMISSIONS.items() if Permission.WARNING_VIEW in held]
    rows = Membership.objects.filter(
        held_on(on), role__in=roles, place__gte=low, place__lt=high, user__is_active=True, user__staff_id__isnull=False
    )
    names = staff_names([staff_id for staff_id in rows.values_list("user__staff_id", flat=True) if staff_id])
    return dict(sorted(names.items(), key=lambda each: each[1]))


def gaps(rows: Iterable[ShiftRow], role: str, start_at: dt.datetime, end_at: dt.datetime) -> list[Gap]:
    """Return the stretches of [start_at, end_at) in which no row of a role stands."""
    found, covered_until = [], start_at
    for row in sorted((row for row in rows if row.role == role), key=lambda row: row.start_at):
        if row.start_at > covered_until:
            found.append(Gap(role, covered_until, min(row.start_at, end_at)))
        covered_until = max(covered_until, row.end_at)
        if covered_until >= end_at:
            break
    if covered_until < end_at:
        found.append(Gap(role, covered_until, end_at))
    return found


def seen_since(staff_ids: Iterable[UUID], since: dt.datetime) -> set[UUID]:
    """Return those of some staff who had a page open that asks for notices, since a moment."""
    rows = LastSeen.objects.for_system(reason="whether anyone told can see it")
    return set(rows.filter(staff_id__in=list(staff_ids), seen_at__gte=since).values_list("staff_id", flat=True))
