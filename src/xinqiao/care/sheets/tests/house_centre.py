"""What runs inside a throwaway installation about booked hours: opening some, and reporting who has them."""

import datetime as dt
from typing import Any
from uuid import UUID

import django

CHINA = dt.timezone(dt.timedelta(hours=8))  # settings.TIME_ZONE has had no other offset since 1991


def open_hours(school: str, slots: int = 20, unguarded: bool = False) -> list[str]:
    """Let somebody sit there tomorrow for so many slots; `unguarded` takes the constraint away. Returns slot ids."""
    django.setup()
    from django.db import connection

    from xinqiao.care.centre.models import CentreRoom, RosterHour, Slot
    from xinqiao.foundation.core.clock import now
    from xinqiao.foundation.core.ids import new_id
    from xinqiao.register.orgs.models import Unit

    unit = Unit.objects.get(path=school)
    at = {"county_id": unit.shard_id, "place": unit.path, "school_id": unit.id}
    room = CentreRoom.objects.create(name=f"辅导室{new_id()}"[:40], zone="individual", **at)
    start = now() + dt.timedelta(days=1)
    hour = RosterHour.objects.create(
        room=room, staff_id=new_id(), start_at=start, end_at=start + dt.timedelta(hours=slots), during="lessons", **at
    )
    rows = [
        Slot(hour=hour, start_at=start + dt.timedelta(hours=n), end_at=start + dt.timedelta(hours=n, minutes=40), **at)
        for n in range(slots)
    ]
    Slot.objects.for_system(reason="a test opens hours").bulk_create(rows)
    if unguarded:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX booking_slot_once")
    return [str(row.id) for row in rows]


def hours_held(slots: list[str]) -> dict[str, Any]:
    """Return who has these slots, with what was written, and the audit's lines of it."""
    django.setup()
    from xinqiao.care.centre.models import Booking, Slot
    from xinqiao.foundation.audit.models import AuditEvent
    from xinqiao.foundation.audit.verification import verify_audit
    from xinqiao.foundation.keys.fields import open_sealed

    rows = list(
        Booking.objects.for_system(reason="a test reads all").filter(slot_id__in=[UUID(each) for each in slots])
    )
    opened = open_sealed(rows, "reason")
    starts = Slot.objects.for_system(reason="a test reads all").filter(id__in=[UUID(each) for each in slots])
    return {
        "starts": {str(slot.id): slot.start_at.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M") for slot in starts},
        "bookings": [
            {"slot": str(row.slot_id), "student": str(row.student_id), "state": row.state, "reason": words["reason"],
             "is_own": row.is_own}
            for row, words in zip(rows, opened, strict=True)
        ],
        "events": list(AuditEvent.objects.filter(event__startswith="centre.").values_list("event", flat=True)),
        "audit_findings": [finding.code for finding in verify_audit().findings],
    }  # fmt: skip
