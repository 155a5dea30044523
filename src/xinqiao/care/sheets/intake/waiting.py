"""A pupil goes on the waiting list of the counselling centre, changes the wish, comes off it, or books and is off it.

The caller has locked the pupil. A job starts the clock of a new entry; what ends one stops its clock here, so that none
runs on for a pupil who does not wait.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone

from xinqiao.care.centre import rules
from xinqiao.care.centre.models import Waiting
from xinqiao.care.centre.states import WaitingState
from xinqiao.care.sheets.intake.audit_rows import own_event
from xinqiao.care.sheets.intake.bodies import HoursBody
from xinqiao.care.sheets.intake.rows import Rows
from xinqiao.care.sheets.intake.voicing import Caller
from xinqiao.care.sheets.intake.work import Batch
from xinqiao.foundation.core.ids import new_id

_OPEN = "SELECT id, since, weekdays, parts, is_own FROM centre_waiting WHERE student_id = ? AND state = 'waiting'"
_WISHED = "UPDATE centre_waiting SET is_own = ?, weekdays = ?, parts = ? WHERE id = ?"
_END = (
    "UPDATE centre_waiting SET state = ?, booking_id = ?, ended_at = ?, ended_by = ? WHERE id = ? AND state = 'waiting'"
)
_RUNS = "kind = 'waiting_hour' AND subject_id = ? AND met_at IS NULL AND cancelled_at IS NULL"
_MEET = f"UPDATE deadlines_deadline SET met_at = ?, met_by = ?, next_climb_at = NULL WHERE {_RUNS}"  # noqa: S608 - ours
_CANCEL = f"UPDATE deadlines_deadline SET cancelled_at = ?, cancel_reason = ?, next_climb_at = NULL WHERE {_RUNS}"  # noqa: S608 - ours


def waits(batch: Batch, pupil: Caller) -> dict[str, str] | None:
    """Return since which day on the school's clock the pupil waits and what suits, for the page; None who does not."""
    rows = batch.store.select_each(_OPEN, [(pupil.id,)])[0]
    if not rows:
        return None
    since = batch.store.moment(rows[0][1])
    assert since is not None
    return {"since": f"{timezone.localtime(since):%Y-%m-%d}", "weekdays": rows[0][2], "parts": rows[0][3]}


def go_on(batch: Batch, pupil: Caller, school_id: UUID, body: HoursBody, *, has_seat: bool) -> str:
    """Go on the list, or change the wish and keep the place; return a code of what is to be said."""
    weekdays, parts = rules.tidied_weekdays(body.weekdays), rules.tidied_parts(body.parts.split())
    found = _open(batch, pupil)
    if found is not None:
        waiting_id, *was = found
        if was != [weekdays, parts, True]:
            batch.store.execute_each(_WISHED, [(True, weekdays, parts, waiting_id)])
            _write(batch, pupil, "centre.waiting.wished", waiting_id)
        return "waiting"
    if not has_seat:
        return rules.TOO_MANY
    row = Waiting(
        id=new_id(), county_id=pupil.county_id, place=pupil.place, school_id=school_id, student_id=pupil.id,
        key_id=pupil.key_id, state=WaitingState.WAITING, weekdays=weekdays, parts=parts, is_own=True, since=batch.at,
    )  # fmt: skip
    _write(batch, pupil, "centre.waiting.added_by_pupil", row.id, row)
    return "waiting"


def leave(batch: Batch, pupil: Caller) -> str:
    """Come off the list; the same once more says the same."""
    found = _open(batch, pupil)
    if found is not None:
        _end(batch, pupil, found[0], WaitingState.LEFT, None)
        batch.store.execute_each(_CANCEL, [(batch.at, "left_by_pupil", found[0])])
        _write(batch, pupil, "centre.waiting.left", found[0])
    return "left"


def come_off(batch: Batch, pupil: Caller, booking_id: UUID) -> None:
    """Take a pupil who booked off the list; the booking is written already."""
    found = _open(batch, pupil)
    if found is not None:
        _end(batch, pupil, found[0], WaitingState.GIVEN, booking_id)
        batch.store.execute_each(_MEET, [(batch.at, pupil.id, found[0])])
        _write(batch, pupil, "centre.waiting.booked_by_pupil", found[0], booking=str(booking_id))


def _open(batch: Batch, pupil: Caller) -> tuple[UUID, str, str, bool] | None:
    rows = batch.store.select_each(batch.store.locking(_OPEN, "centre_waiting"), [(pupil.id,)])[0]
    return (batch.store.uuid(rows[0][0]), rows[0][2], rows[0][3], bool(rows[0][4])) if rows else None


def _end(batch: Batch, pupil: Caller, waiting_id: UUID, state: WaitingState, booking_id: UUID | None) -> None:
    batch.store.execute_each(_END, [(state.value, booking_id, batch.at, pupil.id, waiting_id)])


def _write(batch: Batch, pupil: Caller, event: str, waiting_id: UUID, row: Waiting | None = None, **facts: Any) -> None:
    rows = Rows()
    if row is not None:
        rows.insert_model(row)
    rows.add_event(
        own_event(event, pupil.id, pupil.place, pupil.county_id, "student", pupil.id, waiting=str(waiting_id), **facts)
    )
    rows.write(batch.store)
