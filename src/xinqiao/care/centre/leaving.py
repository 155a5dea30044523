"""What becomes of the hours of whoever leaves the centre: the heir sits there; where nobody can, it is seen."""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.centre.feeding import forget_feed, holds_hours
from xinqiao.care.centre.models import RosterHour
from xinqiao.care.centre.rows import every_booking, every_hour, every_opening, every_room, every_slot
from xinqiao.care.centre.sitting import at_the_same_time, is_booked, may_sit, record_hour
from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.hooks import Left, RoleEnded
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.policy.selectors import parameters_for


def pass_hours_on(left: Sequence[Left]) -> None:
    """Receive StaffLeft: hours ahead, lines of the pattern and rooms go to the heir where that one may sit there."""
    for each in left:
        _leave(each.staff_id, each.heir_staff_id)
        forget_feed(each.staff_id)


def end_hours_of_roles(ended: Sequence[RoleEnded]) -> None:
    """Receive RoleEnded: whoever may not sit there any more does not stand on the roster."""
    for each in ended:
        _leave(each.staff_id, None)
        if not holds_hours(each.staff_id, now()):
            forget_feed(each.staff_id)


def _leave(staff_id: UUID, heir: UUID | None) -> None:
    """Only where they may not sit any more. An hour that is booked goes to any free colleague, if not to the heir.

    An hour that nobody takes is dropped, so that no pupil books it; what is booked in it is shown as without anybody.
    """
    today = timezone.localtime(now()).date()
    for line in every_opening().filter(staff_id=staff_id):
        if not may_sit(staff_id, line.place, today):
            every_opening().filter(pk=line.pk).update(staff_id=_able(heir, line.place, today))
    for room in every_room().filter(keeper_id=staff_id):
        if not may_sit(staff_id, room.place, today):
            every_room().filter(pk=room.pk).update(keeper_id=_able(heir, room.place, today))
    ahead = every_hour().filter(staff_id=staff_id, end_at__gt=now(), dropped_at__isnull=True)
    alone: dict[str, RosterHour] = {}
    for hour in ahead.order_by("start_at", "id").select_for_update():
        if may_sit(staff_id, hour.place, timezone.localtime(hour.start_at).date()):
            continue
        list(every_slot().select_for_update().filter(hour=hour))  # whoever books comes after
        if not _pass_on(hour, heir) and _drop(hour):
            alone.setdefault(hour.place, hour)
    for place, first in alone.items():
        _tell(place, first)


def _able(heir: UUID | None, place: str, on: dt.date) -> UUID | None:
    return heir if heir and may_sit(heir, place, on) else None


def _pass_on(hour: RosterHour, heir: UUID | None) -> bool:
    """Let the heir sit there, or a colleague where the hour is booked; whether anybody does."""
    on = timezone.localtime(hour.start_at).date()
    able = staff_who_may(Permission.BOOKING_HOLD, hour.place, on)
    others = sorted(able) if is_booked(hour) else []
    for staff_id in ([heir] if heir in able else []) + [each for each in others if each != heir]:
        if staff_id is not None and not at_the_same_time(hour).filter(staff_id=staff_id).exists():
            every_hour().filter(pk=hour.pk).update(
                instead_of=hour.instead_of or hour.staff_id, staff_id=staff_id, is_by_hand=True
            )
            record_hour("centre.hour.passed_on", hour)
            return True
    return False


def _drop(hour: RosterHour) -> bool:
    """Take the hour off the roster; whether somebody who booked it is left without anybody."""
    if not every_booking().filter(slot__hour=hour).exists():
        every_hour().filter(pk=hour.pk).delete()  # never booked: the room's time is free for whoever comes
        record_hour("centre.hour.left", hour)
        return False
    every_hour().filter(pk=hour.pk).update(dropped_at=now(), dropped_by=SYSTEM_ID, is_by_hand=True)
    record_hour("centre.hour.left", hour)
    return is_booked(hour)


def _tell(place: str, hour: RosterHour) -> None:
    """One neutral word a school: its psychology teachers, or whom the policy names where there is none."""
    instead: Collection[str] = parameters_for(place, timezone.localtime(now()).date()).nobody_on_duty
    send_neutral_word(
        ("psychology_teachers",), tuple(instead), place, about_kind="roster_hour", about_id=hour.id, at=now()
    )
