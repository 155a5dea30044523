"""Noting that someone has a page open. Not a command: nothing of anyone's is changed, and it happens all the time."""

import datetime as dt
from uuid import UUID

from xinqiao.register.duty.models import LastSeen
from xinqiao.register.people.models import Staff

WRITE_AT_MOST_EVERY = dt.timedelta(seconds=20)


def note_seen(staff_id: UUID, at: dt.datetime) -> bool:
    """Note that a member of staff had a page open at a moment; a private body. Written every 20 seconds at most."""
    rows = LastSeen.objects.for_system(reason="one's own row").filter(staff_id=staff_id)
    last = rows.values_list("seen_at", flat=True).first()
    if last is not None:
        if last > at - WRITE_AT_MOST_EVERY:
            return False
        return bool(rows.update(seen_at=at))
    staff = Staff.objects.for_system(reason="where one's own row is kept").filter(pk=staff_id).first()
    if staff is None:
        return False
    row = LastSeen(staff_id=staff_id, seen_at=at, place=staff.place, county_id=staff.county_id)
    LastSeen.objects.for_system(reason="one's own row").bulk_create([row], ignore_conflicts=True)
    return True
