"""Enums of a counselling centre, and the table of what a booking may become. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves
from xinqiao.foundation.access.permissions import Permission


class Zone(models.TextChoices):
    """What a room is for."""

    RECEPTION = "reception", _("Reception and office")
    INDIVIDUAL = "individual", _("Individual counselling")
    GROUP = "group", _("Group counselling")
    DEVELOPMENT = "development", _("Development training")
    OTHER = "other", _("Another space")


class During(models.TextChoices):
    """Which time of the school day an hour lies in."""

    LESSONS = "lessons", _("In lesson time")
    BREAK = "break", _("In a break")
    AFTER_SCHOOL = "after_school", _("After school")


class BookingState(models.TextChoices):
    """Where a booking stands."""

    OPEN = "open", _("Booked")
    CAME = "came", _("Came")
    MISSED = "missed", _("Did not come")
    SETTLED = "settled", _("Did not come; asked after")
    CANCELLED = "cancelled", _("Cancelled")
    MOVED = "moved", _("Moved to another time")


MOVES = (
    Move(BookingState.OPEN, BookingState.CAME, Permission.BOOKING_HOLD, "centre.booking.came"),
    Move(BookingState.OPEN, BookingState.MISSED, Permission.BOOKING_HOLD, "centre.booking.missed"),
    Move(BookingState.OPEN, BookingState.MOVED, Permission.BOOKING_HOLD, "centre.booking.moved"),
    Move(BookingState.OPEN, BookingState.CANCELLED, Permission.BOOKING_MAKE, "centre.booking.cancelled"),
    Move(BookingState.OPEN, BookingState.CANCELLED, "", "centre.booking.left"),
    Move(BookingState.MISSED, BookingState.SETTLED, Permission.BOOKING_HOLD, "centre.booking.settled"),
)
HELD = (BookingState.OPEN, BookingState.CAME, BookingState.MISSED, BookingState.SETTLED)  # those that take a slot


def diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/booking.md holds it."""
    return draw_moves(MOVES, [BookingState.OPEN])
