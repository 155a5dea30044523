"""Taking a slot for a pupil: the one place where staff's bookings are written."""

from uuid import UUID

from django.utils import timezone

from xinqiao.care.centre import rules
from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.models import Booking, Slot
from xinqiao.care.centre.rows import every_booking, every_slot
from xinqiao.care.centre.states import HELD, BookingState
from xinqiao.care.centre.terms import rules_at
from xinqiao.foundation.core.clock import now
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus


def take_slot(student: Student, slot_id: UUID, *, by: UUID, reason: str, is_own: bool = False) -> Booking | None:
    """Write a booking, body of the commands that book; None where the pupil has this slot already. Raises CannotDo.

    Slot first, then pupil: so the intake locks, too.
    """
    at = now()
    slot: Slot | None = every_slot().select_for_update(of=("self",)).select_related("hour").filter(pk=slot_id).first()
    if slot is None:
        raise CannotDo(rules.TAKEN)
    pupil = Student.objects.for_system(reason="body of a command of the centre").select_for_update().get(pk=student.pk)
    held = every_booking().filter(slot=slot, state__in=HELD).first()
    if held is not None and held.student_id == pupil.id and held.state == BookingState.OPEN:
        return None
    asked = rules_at(slot.place, timezone.localtime(at).date())
    refusal = rules.refusal_to_book(
        starts_at=slot.start_at, at=at, ahead_days=asked.ahead_days, is_dropped=slot.hour.dropped_at is not None,
        is_at_school=pupil.school_id == slot.school_id and pupil.status == StudentStatus.ACTIVE,
        is_taken=held is not None,
    )  # fmt: skip
    if refusal:
        raise CannotDo(refusal)
    open_ones = every_booking().filter(student=pupil, state=BookingState.OPEN)
    seat = rules.free_seat(open_ones.values_list("seat", flat=True), asked.open_bookings)
    if seat is None:
        raise CannotDo(rules.TOO_MANY)
    row = Booking(
        county_id=pupil.county_id, place=pupil.place, school_id=slot.school_id, slot=slot, student=pupil,
        key_id=pupil.key_id, seat=seat, booked_by=by, is_own=is_own, reason=reason.strip() or None, booked_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    return row
