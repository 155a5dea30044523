"""What becomes of open bookings and of the waiting list when pupils leave the school, and who hears of late clocks."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils import timezone

from xinqiao.care.alerts.recipients import addresses_of, people_who_hear
from xinqiao.care.centre.models import Booking, Waiting
from xinqiao.care.centre.rows import every_booking, every_waiting
from xinqiao.care.centre.states import BookingState, WaitingState
from xinqiao.care.centre.waiting import KIND as WAITING
from xinqiao.care.centre.waiting import leave_behind
from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.places import covers
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.people.hooks import Moved
from xinqiao.register.policy.selectors import parameters_for

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet


def end_bookings(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: whoever left the school has no hour there any more and waits for none; a change of class
    changes nothing."""
    places = {move.student_id: move for move in moves}
    rows = every_booking().filter(student_id__in=list(places), state=BookingState.OPEN).select_related("slot")
    for row in rows:
        moved = places[row.student_id]
        if moved.is_at_school and covers(row.slot.place, moved.place):
            continue
        if (
            every_booking()
            .filter(pk=row.pk, state=BookingState.OPEN)
            .update(state=BookingState.CANCELLED, ended_at=now(), ended_by=SYSTEM_ID)
        ):
            record("centre.booking.left", subject_kind="student", subject_id=row.student_id, place=row.slot.place,
                   county_id=row.county_id, facts={"booking": str(row.id)})  # fmt: skip
    for waits in (
        every_waiting().filter(student_id__in=list(places), state=WaitingState.WAITING).select_related("student")
    ):
        moved = places[waits.student_id]
        if not (moved.is_at_school and waits.student.school_id == waits.school_id):
            leave_behind(waits, by=SYSTEM_ID)


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: nobody has asked after a pupil who did not come, or given one who waits an hour, so others
    are told."""
    for climb in climbs:
        if climb.subject_kind == "booking":
            _tell(climb, every_booking().filter(state=BookingState.MISSED), "centre.booking.climbed")
        elif climb.subject_kind == WAITING:
            _tell(climb, every_waiting().filter(state=WaitingState.WAITING), "centre.waiting.climbed")


def _tell(climb: Climb, rows: "ScopedQuerySet[Booking] | ScopedQuerySet[Waiting]", event: str) -> None:
    row = rows.filter(pk=climb.subject_id).select_related("student").first()
    if row is not None:
        parameters = parameters_for(climb.place, timezone.localtime(climb.at).date())
        rungs = (climb.recipients, *parameters.rungs[climb.rung + 1 :])
        told = people_who_hear(rungs, parameters.nobody_on_duty, row.student.place, climb.at)
        addresses = addresses_of(told.people, row.student.place)
        sent = post_messages(addresses, about_kind=climb.subject_kind, about_id=row.id, at=climb.at)
        record(event, subject_kind="student", subject_id=row.student_id, place=row.student.place,
               county_id=row.county_id, facts={"rung": climb.rung, "sent": sent})  # fmt: skip
