"""Who may sit in a centre: the psychology teachers of the school."""

import datetime as dt
from uuid import UUID

from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.accounts.actors import staff_choices
from xinqiao.register.duty.selectors import staff_who_may


def counsellors(school_place: str, on: dt.date) -> list[tuple[str, str]]:
    """Return who may sit there on a day, as choices of a form (staff id as text, name)."""
    return staff_choices(staff_who_may(Permission.BOOKING_HOLD, school_place, on))


def may_sit(staff_id: UUID, school_place: str, on: dt.date) -> bool:
    """Is this one of the school's counsellors on a day?"""
    return staff_id in staff_who_may(Permission.BOOKING_HOLD, school_place, on)
