"""Cutting hours of the roster into slots by the pack, and which of them are free."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from xinqiao.care.centre.models import RosterHour, Slot
from xinqiao.care.centre.rows import every_booking, every_slot
from xinqiao.care.centre.rules import slots_between
from xinqiao.care.centre.states import HELD
from xinqiao.care.centre.terms import rules_at

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet


def write_slots(hours: Sequence[RosterHour]) -> None:
    """Write the slots of new hours; body of the commands that write the roster."""
    rows: list[Slot] = []
    for hour in hours:
        asked = rules_at(hour.place, timezone.localtime(hour.start_at).date())
        spans = slots_between(hour.start_at, hour.end_at, minutes=asked.slot_minutes, pause=asked.pause_minutes)
        rows += [
            Slot(county_id=hour.county_id, place=hour.place, school_id=hour.school_id, hour=hour, start_at=start,
                 end_at=end)
            for start, end in spans
        ]  # fmt: skip
    every_slot().bulk_create(rows, batch_size=500)


def free_slots(school_id: UUID, at: dt.datetime, ahead_days: int) -> "ScopedQuerySet[Slot]":
    """Return the slots of a school that can be booked now, the next first."""
    taken = every_booking().filter(state__in=HELD, slot__school_id=school_id).values("slot_id")
    rows = every_slot().filter(
        school_id=school_id, start_at__gt=at, start_at__lte=at + dt.timedelta(days=ahead_days),
        hour__dropped_at__isnull=True,
    )  # fmt: skip
    return rows.exclude(pk__in=taken).select_related("hour__room").order_by("start_at", "id")
