"""Who may sit in a centre: the psychology teachers of the school; and what stands in the way of an hour."""

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from xinqiao.care.centre.models import RosterHour
from xinqiao.care.centre.rows import every_booking, every_hour
from xinqiao.care.centre.states import BookingState
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import record
from xinqiao.register.accounts.actors import staff_choices
from xinqiao.register.duty.selectors import staff_who_may

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet


def counsellors(school_place: str, on: dt.date) -> list[tuple[str, str]]:
    """Return who may sit there on a day, as choices of a form (staff id as text, name)."""
    return staff_choices(staff_who_may(Permission.BOOKING_HOLD, school_place, on))


def may_sit(staff_id: UUID, school_place: str, on: dt.date) -> bool:
    """Is this one of the school's counsellors on a day?"""
    return staff_id in staff_who_may(Permission.BOOKING_HOLD, school_place, on)


def at_the_same_time(hour: RosterHour) -> "ScopedQuerySet[RosterHour]":
    """Return the other hours that take place while this one does, in any room and of anybody."""
    others = every_hour().filter(dropped_at__isnull=True, start_at__lt=hour.end_at, end_at__gt=hour.start_at)
    return others.exclude(pk=hour.pk)


def is_booked(hour: RosterHour) -> bool:
    """Does anybody have a slot of this hour?"""
    return every_booking().filter(slot__hour=hour, state=BookingState.OPEN).exists()


def record_hour(event: str, hour: RosterHour) -> None:
    """Record what was done to an hour of the roster."""
    record(event, subject_kind="roster_hour", subject_id=hour.id, place=hour.place, county_id=hour.county_id)
