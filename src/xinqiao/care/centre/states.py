"""Enums of a counselling centre, and the tables of what a booking and who waits may become. Pure."""

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


class WaitingState(models.TextChoices):
    """Where an entry of the waiting list stands."""

    WAITING = "waiting", _("Waits for an hour")
    GIVEN = "given", _("An hour was given")
    LEFT = "left", _("Taken off by the pupil")
    ENDED = "ended", _("Ended without an hour")
    GONE = "gone", _("The pupil left the school")


class PartOfDay(models.TextChoices):
    """When on a day an hour suits."""

    MORNING = "morning", _("In the morning")
    AFTERNOON = "afternoon", _("In the afternoon")
    AFTER_SCHOOL = "after_school", _("After school")


MOVES = (
    Move(BookingState.OPEN, BookingState.CAME, Permission.BOOKING_HOLD, "centre.booking.came"),
    Move(BookingState.OPEN, BookingState.MISSED, Permission.BOOKING_HOLD, "centre.booking.missed"),
    Move(BookingState.OPEN, BookingState.MOVED, Permission.BOOKING_HOLD, "centre.booking.moved"),
    Move(BookingState.OPEN, BookingState.CANCELLED, Permission.BOOKING_MAKE, "centre.booking.cancelled"),
    Move(BookingState.OPEN, BookingState.CANCELLED, "", "centre.booking.left"),
    Move(BookingState.MISSED, BookingState.SETTLED, Permission.BOOKING_HOLD, "centre.booking.settled"),
)
WAITING_MOVES = (
    Move(WaitingState.WAITING, WaitingState.GIVEN, Permission.BOOKING_MAKE, "centre.waiting.given"),
    Move(WaitingState.WAITING, WaitingState.GIVEN, "", "centre.waiting.booked_by_pupil"),
    Move(WaitingState.WAITING, WaitingState.LEFT, "", "centre.waiting.left"),
    Move(WaitingState.WAITING, WaitingState.ENDED, Permission.BOOKING_HOLD, "centre.waiting.ended"),
    Move(WaitingState.WAITING, WaitingState.GONE, "", "centre.waiting.gone"),
)
HELD = (BookingState.OPEN, BookingState.CAME, BookingState.MISSED, BookingState.SETTLED)  # those that take a slot


def diagram() -> str:
    """Return the moves as a Mermaid diagram, as docs/states/booking.md holds it."""
    return draw_moves(MOVES, [BookingState.OPEN])


def waiting_diagram() -> str:
    """Return the moves of the waiting list in the same way."""
    return draw_moves(WAITING_MOVES, [WaitingState.WAITING], born="centre.waiting.added")
