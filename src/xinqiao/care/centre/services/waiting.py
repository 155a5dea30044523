"""The waiting list: putting a pupil on it, giving an hour from it, and ending it with a reason."""

from uuid import UUID

from xinqiao.care.centre import rules
from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.models import Booking, Waiting
from xinqiao.care.centre.rows import every_booking, every_waiting
from xinqiao.care.centre.states import BookingState, WaitingState
from xinqiao.care.centre.taking import take_slot
from xinqiao.care.centre.terms import rules_at
from xinqiao.care.centre.waiting import give, record_waiting, start_clock, waiting_of
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.deadlines.kinds import WAITING_HOUR
from xinqiao.register.deadlines.services.clocks import meet_deadline
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus


@command(Permission.BOOKING_MAKE)
def wait_for_hour(
    student: Student, *, actor: Actor, weekdays: str = "", parts: tuple[str, ...] = ()
) -> Waiting | Unchanged:
    """Put a pupil on the waiting list of the school. Wishes as in `Waiting`; none means any hour.

    A pupil who waits already keeps the place and the wish; whoever asks again learns the same as who asked first.
    The same person's asking again is Unchanged. Raises CannotDo.
    """
    pupil = Student.objects.for_system(reason="body of a command of the centre").select_for_update().get(pk=student.pk)
    if pupil.status != StudentStatus.ACTIVE:
        raise CannotDo(rules.NOT_AT_SCHOOL)
    asks, waits = str(actor.person_id), waiting_of(pupil.id)
    if waits is not None:
        if asks in waits.asked_by.split():
            return Unchanged("waits_already")
        waits.asked_by = f"{waits.asked_by} {asks}".strip()
        waits.save(update_fields=["asked_by"])
        record_waiting("centre.waiting.added", waits)
        return waits
    _demand_room(pupil)
    row = Waiting(
        county_id=pupil.county_id, place=pupil.place, school_id=pupil.school_id, student=pupil, key_id=pupil.key_id,
        weekdays=rules.tidied_weekdays(weekdays), parts=rules.tidied_parts(parts), asked_by=asks, since=now(),
        clocked_at=now(),
    )  # fmt: skip
    row.save(force_insert=True)
    start_clock(row)
    record_waiting("centre.waiting.added", row)
    return row


@command(Permission.BOOKING_HOLD)
def give_hour(waiting: Waiting, *, actor: Actor, slot_id: UUID) -> Booking | Unchanged:
    """Give a waiting pupil a slot: a booking like any other, and the pupil is off the list. The same again is
    Unchanged. Raises CannotDo.

    It is booked by whoever gives it, so that whoever asked for it learns that an hour was given and no more.
    """
    if (stands := _standing_booking(waiting)) is not None and stands.slot_id == slot_id:
        return Unchanged("given_already")
    row = take_slot(waiting.student, slot_id, by=actor.person_id, reason="")
    if row is None:
        raise CannotDo(rules.SAME_TIME)
    waits = waiting_of(waiting.student_id)
    if waits is None or waits.pk != waiting.pk:
        raise CannotDo(rules.WAITS_NOT)
    record("centre.booking.made", subject_kind="student", subject_id=row.student_id, place=row.student.place,
           county_id=row.county_id, facts={"booking": str(row.id)})  # fmt: skip
    give(row, by=actor.person_id)
    return row


@command(Permission.BOOKING_HOLD)
def end_waiting(waiting: Waiting, *, actor: Actor, words: str) -> Waiting | Unchanged:
    """End a pupil's waiting without an hour, and say why. Raises CannotDo without words or where it is over."""
    row = every_waiting().select_for_update(of=("self",)).select_related("student").get(pk=waiting.pk)
    if row.state == WaitingState.ENDED:
        return Unchanged("ended_already")
    if not words.strip():
        raise CannotDo(rules.NO_REASON)
    if row.state != WaitingState.WAITING:
        raise CannotDo(rules.WAITS_NOT)
    row.state, row.words, row.ended_at, row.ended_by = WaitingState.ENDED, words.strip(), now(), actor.person_id
    row.save()
    meet_deadline(WAITING_HOUR, row.id, at=now(), by=actor.person_id)
    record_waiting("centre.waiting.ended", row)
    return row


def _standing_booking(waiting: Waiting) -> Booking | None:
    booking_id = every_waiting().values_list("booking_id", flat=True).get(pk=waiting.pk)
    return every_booking().filter(pk=booking_id, state=BookingState.OPEN).first() if booking_id else None


def _demand_room(pupil: Student) -> None:
    """Whoever has as many bookings open as may be could be given none."""
    taken = every_booking().filter(student=pupil, state=BookingState.OPEN).values_list("seat", flat=True)
    if rules.free_seat(taken, rules_at(pupil.school_place, today()).open_bookings) is None:
        raise CannotDo(rules.TOO_MANY)
