"""Reminding staff of booked hours some days before, in neutral words: no name, no reason."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from xinqiao.care.alerts.recipients import Recipient, addresses_of
from xinqiao.care.centre.models import Booking
from xinqiao.care.centre.rows import every_booking
from xinqiao.care.centre.states import BookingState
from xinqiao.care.centre.terms import rules_at
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.notifications.models import Channel
from xinqiao.foundation.notifications.outbox import post_messages

LONGEST_AHEAD = dt.timedelta(days=60)  # no policy reminds earlier


def remind(now: dt.datetime) -> int:
    """Remind who sits there and who booked, once for each day that the pack names; return how many messages left.

    One word a person and stretch, however many pupils booked it. Run twice, or by two tickers at once, it reminds once.
    """
    ahead = every_booking().filter(
        state=BookingState.OPEN, slot__start_at__gt=now, slot__start_at__lte=now + LONGEST_AHEAD
    ).select_related("slot__hour")  # fmt: skip
    due: dict[UUID, list[tuple[Booking, int]]] = defaultdict(list)
    for row in ahead:
        days = _due(row, now)
        if days is not None:
            due[row.slot.hour_id].append((row, days))
    return sum(_remind(rows, now) for rows in due.values())


def _due(row: Booking, now: dt.datetime) -> int | None:
    """The fewest days before that have come and of which nobody was reminded; none that came before it was booked."""
    asked = rules_at(row.slot.place, timezone.localtime(now).date()).reminded_days
    start = row.slot.start_at
    come = [days for days in asked if row.booked_at < start - dt.timedelta(days=days) <= now]
    days = min(come, default=None)
    return days if days is not None and (row.reminded is None or days < row.reminded) else None


def _remind(rows: Sequence[tuple[Booking, int]], now: dt.datetime) -> int:
    hour = rows[0][0].slot.hour
    with recording(system_actor("centre.remind")):
        people: set[UUID] = set()
        for row, days in rows:
            still = every_booking().filter(Q(reminded__isnull=True) | Q(reminded__gt=days), pk=row.pk)
            if still.filter(state=BookingState.OPEN).update(reminded=days):
                people |= {hour.staff_id} | (set() if row.is_own else {row.booked_by})
        if not people:
            return 0
        told = [Recipient(staff_id, "booked", may_read=True) for staff_id in sorted(people)]
        addresses = [each for each in addresses_of(told, hour.place) if each.channel != Channel.WEBHOOK]
        sent = post_messages(addresses, about_kind="roster_hour", about_id=hour.id, at=now)
        record("centre.hour.reminded", subject_kind="roster_hour", subject_id=hour.id, place=hour.place,
               county_id=hour.county_id, facts={"told": len(told), "sent": sent})  # fmt: skip
    return sent
