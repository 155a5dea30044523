"""What becomes of open bookings when pupils leave the school, and who hears when one who stayed away is not asked."""

from collections.abc import Sequence

from django.utils import timezone

from xinqiao.care.alerts.recipients import addresses_of, people_who_hear
from xinqiao.care.centre.rows import every_booking
from xinqiao.care.centre.states import BookingState
from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.core.places import covers
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.people.hooks import Moved
from xinqiao.register.policy.selectors import parameters_for


def end_bookings(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: whoever left the school has no hour there any more; a change of class changes nothing."""
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


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: nobody has asked after a pupil who did not come, so others are told."""
    for climb in climbs:
        if climb.subject_kind != "booking":
            continue
        row = every_booking().filter(pk=climb.subject_id, state=BookingState.MISSED).select_related("student").first()
        if row is None:
            continue
        parameters = parameters_for(climb.place, timezone.localtime(climb.at).date())
        rungs = (climb.recipients, *parameters.rungs[climb.rung + 1 :])
        told = people_who_hear(rungs, parameters.nobody_on_duty, row.student.place, climb.at)
        addresses = addresses_of(told.people, row.student.place)
        sent = post_messages(addresses, about_kind="booking", about_id=row.id, at=climb.at)
        record("centre.booking.climbed", subject_kind="student", subject_id=row.student_id, place=row.student.place,
               county_id=row.county_id, facts={"rung": climb.rung, "sent": sent})  # fmt: skip
