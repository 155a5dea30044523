"""A pupil books an hour with the counsellor, sees the own bookings, or gives one up.

One request carries who and what, as with calls. Slots are locked in one order before the pupils, as the staff's
services do, so that two who want the same one come one after the other; the constraint stands behind it.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from xinqiao.care.centre import rules
from xinqiao.care.centre.models import Booking
from xinqiao.care.centre.states import HELD, BookingState
from xinqiao.care.sheets.intake.audit_rows import own_event
from xinqiao.care.sheets.intake.bodies import HoursBody, tidied
from xinqiao.care.sheets.intake.replies import Reply, refusal
from xinqiao.care.sheets.intake.rows import Rows
from xinqiao.care.sheets.intake.voicing import Caller, admit_each
from xinqiao.care.sheets.intake.waiting import come_off, go_on, leave, waits
from xinqiao.care.sheets.intake.work import Batch, Hours
from xinqiao.foundation.core.ids import new_id
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.register.policy.centre_rules import CentreRules

_PLACE = "SELECT path FROM orgs_unit WHERE window_code = ?"
_LOCK_SLOT = "SELECT id FROM centre_slot WHERE id = ?"
_LOCK_PUPIL = "SELECT id FROM people_student WHERE id = ?"
_SCHOOL = "SELECT school_id FROM people_student WHERE id = ?"
_ROOM = "JOIN centre_rosterhour h ON h.id = s.hour_id JOIN centre_centreroom r ON r.id = h.room_id"
_IS_HELD = f"b.state IN ({', '.join(repr(state.value) for state in HELD)})"
_SLOT = "SELECT s.school_id, s.start_at, h.dropped_at FROM centre_slot s JOIN centre_rosterhour h ON h.id = s.hour_id "
_ONE_SLOT = f"{_SLOT}WHERE s.id = ?"
_HOLDER = f"SELECT b.student_id, b.state FROM centre_booking b WHERE b.slot_id = ? AND {_IS_HELD}"  # noqa: S608 - ours
_SEATS = "SELECT seat FROM centre_booking WHERE student_id = ? AND state = 'open'"
_FREE = (
    f"SELECT s.id, s.start_at, s.end_at, r.name FROM centre_slot s {_ROOM} "  # noqa: S608 - constants only
    "WHERE s.school_id = ? AND s.start_at > ? AND s.start_at <= ? AND h.dropped_at IS NULL "
    f"AND NOT EXISTS (SELECT 1 FROM centre_booking b WHERE b.slot_id = s.id AND {_IS_HELD}) "
    "ORDER BY s.start_at, s.id LIMIT 40"
)
_OWN = (
    f"SELECT b.id, s.start_at, s.end_at, r.name FROM centre_booking b "  # noqa: S608 - constants only
    f"JOIN centre_slot s ON s.id = b.slot_id {_ROOM} "
    "WHERE b.student_id = ? AND b.state = 'open' AND s.end_at > ? ORDER BY s.start_at"
)
_MINE = (
    "SELECT b.id FROM centre_booking b JOIN centre_slot s ON s.id = b.slot_id "
    "WHERE b.id = ? AND b.student_id = ? AND b.state = 'open' AND s.start_at > ?"
)
_CANCEL = (
    "UPDATE centre_booking SET state = 'cancelled', ended_at = ?, ended_by = ? "
    "WHERE id = ? AND student_id = ? AND state = 'open'"
)


def read_centre_rules(batch: Batch, hours: Sequence[Hours]) -> None:
    """Read which rules hold, before the transaction begins: not while rows are locked."""
    if hours:
        for rows in batch.store.select_each(_PLACE, [(tidied(work.body.class_code)[:8],) for work in hours]):
            for (place,) in rows:
                batch.desk.schools.centre_rules(place, batch.at)


def write_hours(batch: Batch, hours: Sequence[Hours]) -> list[Reply]:
    """Show, book and cancel; inside the batch's transaction. Each is written before the next one looks."""
    admitted = admit_each(batch, [work.body for work in hours])
    let_in = [(who, work.body) for who, work in zip(admitted, hours, strict=True) if isinstance(who, Caller)]
    _lock(batch, "centre_slot", _LOCK_SLOT, {slot for _, body in let_in if (slot := _id(body.book))})
    acts = {who.id for who, body in let_in if body.book or body.cancel or body.wait or body.leave}
    _lock(batch, "people_student", _LOCK_PUPIL, acts)
    return [who if isinstance(who, Reply) else _one(batch, who, work.body)
            for who, work in zip(admitted, hours, strict=True)]  # fmt: skip


def _lock(batch: Batch, table: str, sql: str, ids: set[UUID]) -> None:
    if ids:
        batch.store.select_each(batch.store.locking(sql, table), [(each,) for each in sorted(ids)])


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _one(batch: Batch, pupil: Caller, body: HoursBody) -> Reply:
    asked = batch.desk.schools.centre_rules(pupil.place, batch.at)
    if asked is None:
        return refusal(503, "busy")
    school_id = batch.store.uuid(batch.store.select_each(_SCHOOL, [(pupil.id,)])[0][0][0])
    said = ""
    if body.cancel:
        said = _cancel(batch, pupil, _id(body.cancel))
    elif body.book:
        said = _book(batch, pupil, school_id, body, asked)
    elif body.leave:
        said = leave(batch, pupil)
    elif body.wait:
        said = go_on(batch, pupil, school_id, body, has_seat=_free_seat(batch, pupil, asked) is not None)
    return Reply(200, {"said": said, **_shown(batch, pupil, school_id, asked)})


def _shown(batch: Batch, pupil: Caller, school_id: UUID, asked: CentreRules) -> dict[str, Any]:
    until = batch.at + dt.timedelta(days=asked.ahead_days)
    free = batch.store.select_each(_FREE, [(school_id, batch.at, until)])[0]
    own = batch.store.select_each(_OWN, [(pupil.id, batch.at)])[0]
    return {"free": [_hour(batch, row) for row in free], "own": [_hour(batch, row) for row in own],
            "most": asked.open_bookings, "waits": waits(batch, pupil)}  # fmt: skip


def _hour(batch: Batch, row: tuple[Any, ...]) -> dict[str, str]:
    store = batch.store
    start, end = store.moment(row[1]), store.moment(row[2])
    assert start is not None
    assert end is not None
    return {"id": str(store.uuid(row[0])), "at": _local(start), "until": _local(end), "room": row[3]}


def _local(at: dt.datetime) -> str:
    """The moment on the school's clock, without a zone: a device's own may be set wrong."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def _book(batch: Batch, pupil: Caller, school_id: UUID, body: HoursBody, asked: CentreRules) -> str:
    """Book a slot; return a code of what is to be said."""
    store, slot_id = batch.store, _id(body.book)
    rows = store.select_each(_ONE_SLOT, [(slot_id,)])[0] if slot_id else []
    if slot_id is None or not rows:
        return rules.TAKEN
    holders = store.select_each(_HOLDER, [(slot_id,)])[0]
    if holders and store.uuid(holders[0][0]) == pupil.id and holders[0][1] == BookingState.OPEN:
        return "booked"  # the same once more
    starts_at = store.moment(rows[0][1])
    assert starts_at is not None
    refused = rules.refusal_to_book(
        starts_at=starts_at, at=batch.at, ahead_days=asked.ahead_days, is_dropped=rows[0][2] is not None,
        is_at_school=store.uuid(rows[0][0]) == school_id, is_taken=bool(holders),
    )  # fmt: skip
    if refused:
        return rules.TAKEN
    seat = _free_seat(batch, pupil, asked)
    if seat is None:
        return rules.TOO_MANY
    row = Booking(
        id=new_id(), county_id=pupil.county_id, place=pupil.place, school_id=school_id, slot_id=slot_id,
        student_id=pupil.id, key_id=pupil.key_id, state=BookingState.OPEN, seat=seat, booked_by=pupil.id, is_own=True,
        reason=body.reason.strip() or None, booked_at=batch.at,
    )  # fmt: skip
    seal_rows([row])
    _write(batch, pupil, "centre.booking.made_by_pupil", row.id, row)
    come_off(batch, pupil, row.id)
    return "booked"


def _free_seat(batch: Batch, pupil: Caller, asked: CentreRules) -> int | None:
    taken = batch.store.select_each(_SEATS, [(pupil.id,)])[0]
    return rules.free_seat((row[0] for row in taken), asked.open_bookings)


def _cancel(batch: Batch, pupil: Caller, booking_id: UUID | None) -> str:
    """Give a booking up that has not begun; the same once more says the same."""
    if booking_id and batch.store.select_each(_MINE, [(booking_id, pupil.id, batch.at)])[0]:
        batch.store.execute_each(_CANCEL, [(batch.at, pupil.id, booking_id, pupil.id)])
        _write(batch, pupil, "centre.booking.left", booking_id)
    return "cancelled"


def _write(batch: Batch, pupil: Caller, event: str, booking_id: UUID, row: Booking | None = None) -> None:
    rows = Rows()
    if row is not None:
        rows.insert_model(row)
    rows.add_event(
        own_event(event, pupil.id, pupil.place, pupil.county_id, "student", pupil.id, booking=str(booking_id))
    )
    rows.write(batch.store)
