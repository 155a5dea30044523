"""What pages of the centre begin with: the school, the room or the hour of the address, or 404."""

from uuid import UUID

from xinqiao.care.centre.models import Booking, CentreRoom, OpeningTime, RosterHour, Waiting
from xinqiao.care.centre.selectors.bookings import booking_for, own_booking_for
from xinqiao.care.centre.selectors.centre import hour_for, opening_for, room_for
from xinqiao.care.centre.selectors.waiting import waiting_for
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.pages import or_404
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_for
from xinqiao.register.orgs.states import SCHOOL_KINDS


def school_or_404(actor: Actor, school_id: UUID, permission: Permission) -> Unit:
    """Return a school at which the actor holds a permission."""
    schools = units_for(actor, permission, *SCHOOL_KINDS)
    return or_404(next((school for school in schools if school.id == school_id), None))


def room_or_404(actor: Actor, room_id: UUID) -> CentreRoom:
    """Return a room that the actor may change."""
    return or_404(room_for(actor, room_id))


def opening_or_404(actor: Actor, opening_id: UUID) -> OpeningTime:
    """Return a line of the weekly pattern that the actor may take out."""
    return or_404(opening_for(actor, opening_id))


def hour_or_404(actor: Actor, hour_id: UUID) -> RosterHour:
    """Return an hour of the roster that the actor may change."""
    return or_404(hour_for(actor, hour_id))


def booking_or_404(actor: Actor, booking_id: UUID) -> Booking:
    """Return a booking that the actor holds."""
    return or_404(booking_for(actor, booking_id))


def own_booking_or_404(actor: Actor, booking_id: UUID) -> Booking:
    """Return a booking that the actor made or holds."""
    return or_404(own_booking_for(actor, booking_id))


def waiting_or_404(actor: Actor, waiting_id: UUID) -> Waiting:
    """Return an entry of the waiting list for whose pupil the actor holds hours."""
    return or_404(waiting_for(actor, waiting_id))
