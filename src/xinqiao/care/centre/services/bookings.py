"""Booking a slot for a pupil, cancelling and moving it, and what happened: came, did not come, asked after."""

from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.selectors.attention import levels_of
from xinqiao.care.centre import rules
from xinqiao.care.centre.errors import CannotDo
from xinqiao.care.centre.models import Booking
from xinqiao.care.centre.rows import every_booking
from xinqiao.care.centre.states import MOVES, BookingState
from xinqiao.care.centre.taking import take_slot
from xinqiao.care.centre.waiting import PLAIN, give
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.moves import sources_among
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.deadlines.kinds import MISSED
from xinqiao.register.deadlines.services.clocks import meet_deadline, start_deadline
from xinqiao.register.people.models import Student
from xinqiao.register.policy.selectors import parameters_for


@command(Permission.BOOKING_MAKE)
def book_slot(student: Student, *, actor: Actor, slot_id: UUID, reason: str = "") -> Booking | Unchanged:
    """Book a slot of the pupil's school for a pupil. The same again is Unchanged. Raises CannotDo."""
    row = take_slot(student, slot_id, by=actor.person_id, reason=reason)
    if row is None:
        return Unchanged("booked_already")
    _record("centre.booking.made", row)
    give(row, by=actor.person_id)
    return row


@command(Permission.BOOKING_MAKE)
def cancel_booking(booking: Booking, *, actor: Actor) -> Booking | Unchanged:
    """Give a slot free again. Raises CannotDo where the booking is over: then only whoever holds the hours says so."""
    if _state_of(booking) == BookingState.CANCELLED:
        return Unchanged("cancelled_already")
    if booking.slot.start_at <= now() and not actor.can(Permission.BOOKING_HOLD, booking.place):
        raise CannotDo(rules.PAST)
    _move(booking, BookingState.CANCELLED, by=actor.person_id)
    _record("centre.booking.cancelled", booking)
    return booking


@command(Permission.BOOKING_HOLD)
def move_booking(booking: Booking, *, actor: Actor, slot_id: UUID) -> Booking:
    """Move a booking to another slot: the old one is free again, the new one stands. Raises CannotDo."""
    if booking.slot_id == slot_id:
        raise CannotDo(rules.SAME_TIME)
    reason = open_sealed([booking], "reason")[0]["reason"] or ""
    _move(booking, BookingState.MOVED, by=actor.person_id)
    fresh = take_slot(booking.student, slot_id, by=booking.booked_by, reason=reason, is_own=booking.is_own)
    if fresh is None:
        raise CannotDo(rules.SAME_TIME)
    _record("centre.booking.moved", booking)
    return fresh


@command(Permission.BOOKING_HOLD)
def note_came(booking: Booking, *, actor: Actor) -> Booking | Unchanged:
    """Note that the pupil came. Raises CannotDo before the slot begins, or where something else was noted."""
    if _state_of(booking) == BookingState.CAME:
        return Unchanged("noted_already")
    _demand_begun(booking)
    _move(booking, BookingState.CAME, by=actor.person_id)
    _record("centre.booking.came", booking)
    return booking


@command(Permission.BOOKING_HOLD)
def note_missed(booking: Booking, *, actor: Actor) -> Booking | Unchanged:
    """Note that the pupil did not come: somebody is to ask after the pupil, within what the pack says for the level.

    Raises CannotDo before the slot begins, or where something else was noted.
    """
    if _state_of(booking) == BookingState.MISSED:
        return Unchanged("noted_already")
    _demand_begun(booking)
    _move(booking, BookingState.MISSED, by=actor.person_id)
    at = now()
    level = levels_of([booking.student_id]).get(booking.student_id, ("", ""))[0]
    parameters = parameters_for(booking.student.place, timezone.localtime(at).date())
    asked = parameters.centre
    start_deadline(
        MISSED, subject_kind="booking", subject_id=booking.id, place=booking.student.place,
        county_id=booking.county_id, urgency=level if level in asked.missed_urgent_levels else PLAIN,
        parameters=parameters, began_at=at, within=asked.missed_rule(level),
    )  # fmt: skip
    _record("centre.booking.missed", booking)
    return booking


@command(Permission.BOOKING_HOLD)
def settle_missed(booking: Booking, *, actor: Actor, words: str) -> Booking | Unchanged:
    """Note what came of asking after a pupil who did not come. Raises CannotDo without words."""
    if _state_of(booking) == BookingState.SETTLED:
        return Unchanged("settled_already")
    if not words.strip():
        raise CannotDo(rules.NO_WORDS)
    row = _locked(booking)
    if row.state not in sources_among(MOVES, BookingState.SETTLED):
        raise CannotDo(rules.NOT_OPEN)
    row.state, row.followed, row.ended_at, row.ended_by = BookingState.SETTLED, words.strip(), now(), actor.person_id
    row.save()
    meet_deadline(MISSED, row.id, at=now(), by=actor.person_id)
    _record("centre.booking.settled", row)
    return row


def _locked(booking: Booking) -> Booking:
    return every_booking().select_for_update(of=("self",)).select_related("student", "slot").get(pk=booking.pk)


def _state_of(booking: Booking) -> str:
    return every_booking().values_list("state", flat=True).get(pk=booking.pk)


def _demand_begun(booking: Booking) -> None:
    if booking.slot.start_at > now():
        raise CannotDo(rules.NOT_YET)


def _move(booking: Booking, target: BookingState, *, by: UUID) -> None:
    """A conditional update: of two who press at once one wins. Raises CannotDo."""
    rows = every_booking().filter(pk=booking.pk, state__in=sources_among(MOVES, target))
    if not rows.update(state=target, ended_at=now(), ended_by=by):
        raise CannotDo(rules.NOT_OPEN)
    booking.state = target


def _record(event: str, booking: Booking) -> None:
    record(event, subject_kind="student", subject_id=booking.student_id, place=booking.student.place,
           county_id=booking.county_id, facts={"booking": str(booking.id)})  # fmt: skip
