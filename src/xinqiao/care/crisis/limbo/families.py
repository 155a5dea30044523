"""What the proof asks of the contact with families: whatever is owed has a clock, or has been heard of by everybody."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.raw import Raw
from xinqiao.care.crisis.limbo.rooms import Room
from xinqiao.care.support.models import ContactDuty

_REASON = "proof that nothing waits unseen; nobody is named"
KIND, CLOCK = "contact_duty", "contact"


def _rows() -> Mapping[str, Mapping[UUID, Mapping[str, Any]]]:
    columns = ("id", "kind", "place", "student_id", "began_at", "due_at", "rung", "ended_as")
    return {KIND: {row["id"]: row for row in ContactDuty.objects.for_system(reason=_REASON).values(*columns)}}


def _is_over(_kind: str, row: Mapping[str, Any]) -> bool:
    return bool(row["ended_as"])


def clocked(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """What is owed runs against a clock, until its last rung has heard; the clock was first due on the duty's day."""
    for row in raw.others[KIND].values():
        if row["ended_as"]:
            continue
        own = [clock for clock in raw.clocks if clock["subject_id"] == row["id"]]
        if not any(clock["met_at"] is None and clock["cancelled_at"] is None for clock in own) and not any(
            clock["cancel_reason"] == "last_rung" for clock in own
        ):
            yield Fault("contact_without_clock", KIND, row["id"])
        if any(clock["original_due_at"] != row["due_at"] for clock in own):
            yield Fault("contact_put_off", KIND, row["id"])


def of_somebody(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """What is owed to one family is owed of a pupil who is there, where the pupil is."""
    for row in raw.others[KIND].values():
        student = raw.students.get(row["student_id"]) if row["student_id"] else None
        if row["ended_as"] or student is None:
            continue
        if student["status"] != "active" or student["place"] != row["place"]:
            yield Fault("contact_not_with_the_pupil", KIND, row["id"])


ROOM = Room("families", (KIND,), _rows, _is_over, (clocked, of_somebody))
