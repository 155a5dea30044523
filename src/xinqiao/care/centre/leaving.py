"""What becomes of the hours of whoever leaves the centre: the heir sits there; where nobody can, it is seen."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.centre.models import RosterHour
from xinqiao.care.centre.rows import every_booking, every_hour, every_opening, every_room, every_slot
from xinqiao.care.centre.sitting import may_sit
from xinqiao.care.centre.states import BookingState
from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.hooks import Left, RoleEnded
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.policy.selectors import parameters_for


def pass_hours_on(left: Sequence[Left]) -> None:
    """Receive StaffLeft: hours ahead, lines of the pattern and rooms go to the heir where that one may sit there."""
    for each in left:
        _leave(each.staff_id, each.heir_staff_id)


def end_hours_of_roles(ended: Sequence[RoleEnded]) -> None:
    """Receive RoleEnded: whoever may not sit there any more does not stand on the roster."""
    for each in ended:
        _leave(each.staff_id, None)


def _leave(staff_id: UUID, heir: UUID | None) -> None:
    """Only where they may not sit any more. An hour that is booked goes to any free colleague, if not to the heir.

    An hour that nobody takes is dropped, so that no pupil books it; what is booked in it is shown as without anybody.
    """
    today = timezone.localtime(now()).date()
    lines = every_opening().filter(staff_id=staff_id)
    for line in lines:
        if not may_sit(staff_id, line.place, today):
            takes_over = heir if heir and may_sit(heir, line.place, today) else None
            every_opening().filter(pk=line.pk).update(staff_id=takes_over)
    for room in every_room().filter(keeper_id=staff_id):
        if not may_sit(staff_id, room.place, today):
            takes_over = heir if heir and may_sit(heir, room.place, today) else None
            every_room().filter(pk=room.pk).update(keeper_id=takes_over)
    ahead = every_hour().filter(staff_id=staff_id, end_at__gt=now(), dropped_at__isnull=True)
    alone: dict[str, list[RosterHour]] = defaultdict(list)
    for hour in ahead.order_by("start_at", "id").select_for_update():
        list(every_slot().select_for_update().filter(hour=hour))  # whoever books comes after
        if may_sit(staff_id, hour.place, timezone.localtime(hour.start_at).date()):
            continue
        if _pass_on(hour, heir):
            continue
        if _drop(hour):
            alone[hour.place].append(hour)
    for place, hours in alone.items():
        _tell(place, hours[0])


def _pass_on(hour: RosterHour, heir: UUID | None) -> bool:
    """Let the heir sit there, or a colleague where the hour is booked; whether anybody does."""
    on = timezone.localtime(hour.start_at).date()
    able = staff_who_may(Permission.BOOKING_HOLD, hour.place, on)
    others = sorted(able) if _is_booked(hour) else []
    for staff_id in ([heir] if heir in able else []) + [each for each in others if each != heir]:
        if staff_id is not None and _is_free(staff_id, hour):
            every_hour().filter(pk=hour.pk).update(
                instead_of=hour.instead_of or hour.staff_id, staff_id=staff_id, is_by_hand=True
            )
            _record("centre.hour.passed_on", hour)
            return True
    return False


def _is_free(staff_id: UUID, hour: RosterHour) -> bool:
    sitting = every_hour().filter(staff_id=staff_id, dropped_at__isnull=True)
    return not sitting.filter(start_at__lt=hour.end_at, end_at__gt=hour.start_at).exists()


def _is_booked(hour: RosterHour) -> bool:
    return every_booking().filter(slot__hour=hour, state=BookingState.OPEN).exists()


def _drop(hour: RosterHour) -> bool:
    """Take the hour off the roster; whether somebody who booked it is left without anybody."""
    if not every_booking().filter(slot__hour=hour).exists():
        every_hour().filter(pk=hour.pk).delete()  # never booked: the room's time is free for whoever comes
        _record("centre.hour.left", hour)
        return False
    every_hour().filter(pk=hour.pk).update(dropped_at=now(), dropped_by=SYSTEM_ID, is_by_hand=True)
    _record("centre.hour.left", hour)
    return _is_booked(hour)


def _tell(place: str, hour: RosterHour) -> None:
    """One neutral word a school: its psychology teachers, or whom the policy names where there is none."""
    instead: Collection[str] = parameters_for(place, timezone.localtime(now()).date()).nobody_on_duty
    send_neutral_word(
        ("psychology_teachers",), tuple(instead), place, about_kind="roster_hour", about_id=hour.id, at=now()
    )


def _record(event: str, hour: RosterHour) -> None:
    record(event, subject_kind="roster_hour", subject_id=hour.id, place=hour.place, county_id=hour.county_id)
