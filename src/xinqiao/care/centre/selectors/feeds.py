"""What a calendar is told: when its owner sits where, and whether somebody comes. Nobody is named or counted."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import override

from xinqiao.care.centre.ics import Event, calendar_text
from xinqiao.care.centre.models import CalendarFeed, RosterHour, Slot
from xinqiao.care.centre.rows import every_booking
from xinqiao.care.centre.states import HELD
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission

DAYS_BACK, DAYS_AHEAD = 14, 200  # what is shown; a term and some


def own_feed(actor: Actor) -> CalendarFeed | None:
    """Return the actor's own address, None who has none."""
    rows = CalendarFeed.objects.for_system(reason="one's own address")
    found: CalendarFeed | None = rows.filter(staff_id=actor.person_id).first()
    return found


def calendar_of(actor: Actor, at: dt.datetime, language: str) -> str:
    """Return the own hours of a counsellor as an iCalendar file: each slot booked or free, its time and its room."""
    hours = list(
        RosterHour.objects.visible_to(actor, Permission.BOOKING_HOLD)
        .filter(staff_id=actor.person_id, dropped_at__isnull=True)
        .filter(end_at__gt=at - dt.timedelta(days=DAYS_BACK), start_at__lt=at + dt.timedelta(days=DAYS_AHEAD))
        .select_related("room").order_by("start_at", "id")
    )  # fmt: skip
    taken = set(every_booking().filter(state__in=HELD, slot__hour__in=hours).values_list("slot_id", flat=True))
    slots: dict[object, list[Slot]] = {hour.id: [] for hour in hours}
    for slot in Slot.objects.visible_to(actor, Permission.BOOKING_HOLD).filter(hour__in=hours).order_by("start_at"):
        slots[slot.hour_id].append(slot)
    with override(language):
        events = [
            Event(each.id, each.start_at, each.end_at, _("Booked") if each.id in taken else _("Free"), hour.room.name,
                  is_busy=each.id in taken)
            for hour in hours
            for each in slots[hour.id] or [hour]
        ]  # fmt: skip
        return calendar_text(_("Counselling centre"), events, at=at)
