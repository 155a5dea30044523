"""Rows for private bodies of commands and for jobs, whose actor was checked already or is the system."""

from typing import TYPE_CHECKING

from xinqiao.care.centre.models import Booking, CalendarFeed, CentreRoom, OpeningTime, RosterHour, Slot, Visit, Waiting

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

_REASON = "body of a command or job of the centre"


def every_room() -> "ScopedQuerySet[CentreRoom]":
    """Return all rooms."""
    rows: ScopedQuerySet[CentreRoom] = CentreRoom.objects.for_system(reason=_REASON)
    return rows


def every_opening() -> "ScopedQuerySet[OpeningTime]":
    """Return all lines of weekly patterns."""
    rows: ScopedQuerySet[OpeningTime] = OpeningTime.objects.for_system(reason=_REASON)
    return rows


def every_hour() -> "ScopedQuerySet[RosterHour]":
    """Return all hours of rosters."""
    rows: ScopedQuerySet[RosterHour] = RosterHour.objects.for_system(reason=_REASON)
    return rows


def every_slot() -> "ScopedQuerySet[Slot]":
    """Return all slots."""
    rows: ScopedQuerySet[Slot] = Slot.objects.for_system(reason=_REASON)
    return rows


def every_booking() -> "ScopedQuerySet[Booking]":
    """Return all bookings."""
    rows: ScopedQuerySet[Booking] = Booking.objects.for_system(reason=_REASON)
    return rows


def every_visit() -> "ScopedQuerySet[Visit]":
    """Return all visits."""
    rows: ScopedQuerySet[Visit] = Visit.objects.for_system(reason=_REASON)
    return rows


def every_waiting() -> "ScopedQuerySet[Waiting]":
    """Return all entries of waiting lists."""
    rows: ScopedQuerySet[Waiting] = Waiting.objects.for_system(reason=_REASON)
    return rows


def every_feed() -> "ScopedQuerySet[CalendarFeed]":
    """Return all addresses of calendars."""
    rows: ScopedQuerySet[CalendarFeed] = CalendarFeed.objects.for_system(reason=_REASON)
    return rows
