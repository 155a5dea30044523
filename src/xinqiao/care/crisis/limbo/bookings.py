"""Booked hours: a pupil who did not come is asked after with a clock, no booking waits for nobody, and whoever stands
on the waiting list has a clock that runs."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from xinqiao.care.centre.models import Booking, Waiting
from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.raw import Raw
from xinqiao.care.crisis.limbo.rooms import Room

_REASON = "proof that nothing waits unseen; nobody is named"
BOOKING, WAITING = "booking", "waiting"


def _rows() -> Mapping[str, Mapping[UUID, Mapping[str, Any]]]:
    columns = ("id", "student_id", "state", "slot__start_at", "slot__hour__staff_id", "slot__hour__dropped_at")
    rows = Booking.objects.for_system(reason=_REASON).values(*columns)
    of_list = ("id", "student_id", "state", "since", "clocked_at")
    waiting = Waiting.objects.for_system(reason=_REASON).values(*of_list)
    return {BOOKING: {row["id"]: row for row in rows}, WAITING: {row["id"]: row for row in waiting}}


def _is_over(kind: str, row: Mapping[str, Any]) -> bool:
    return bool(row["state"] != ("missed" if kind == BOOKING else "waiting"))


def clocked(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every pupil who did not come and was not asked after has a running clock."""
    for row in raw.others[BOOKING].values():
        if row["state"] == "missed" and "missed_hour" not in raw.running[row["id"]]:
            yield Fault("missed_without_clock", BOOKING, row["id"])


def held(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every booking ahead has somebody who sits there, and a pupil who is still at the school."""
    for row in raw.others[BOOKING].values():
        if row["state"] != "open" or row["slot__start_at"] <= raw.now:
            continue
        if row["slot__hour__staff_id"] not in raw.staff_at_work or row["slot__hour__dropped_at"] is not None:
            yield Fault("booked_with_nobody", BOOKING, row["id"])
        student = raw.students.get(row["student_id"])
        if student is None or student["status"] != "active":
            yield Fault("booked_by_nobody", BOOKING, row["id"])


def waited(raw: Raw, allowance: Allowance) -> Iterator[Fault]:
    """Everybody on a waiting list has a running clock and is still at that school; one who has just come may wait for
    the job that starts it."""
    for row in raw.others[WAITING].values():
        if row["state"] != "waiting":
            continue
        is_fresh = row["clocked_at"] is None and raw.now - row["since"] <= allowance.late
        if "waiting_hour" not in raw.running[row["id"]] and not is_fresh:
            yield Fault("waits_without_clock", WAITING, row["id"])
        student = raw.students.get(row["student_id"])
        if student is None or student["status"] != "active":
            yield Fault("waited_by_nobody", WAITING, row["id"])


ROOM = Room("bookings", (BOOKING, WAITING), _rows, _is_over, (clocked, held, waited))
