"""What commands and hooks of transfers share: events about a file, at the school that acts and at the other one."""

from xinqiao.care.transfers.models import Arrival, Handover
from xinqiao.foundation.audit.recording import record


def record_there(handover: Handover, event: str, **facts: object) -> None:
    """Leave an event at the school that was left."""
    record(
        event, subject_kind="student", subject_id=handover.student_id, place=handover.place,
        county_id=handover.county_id, facts={"handover": str(handover.id), **facts},
    )  # fmt: skip


def record_here(arrival: Arrival, event: str, **facts: object) -> None:
    """Leave an event at the school the file came to; it is about the pupil there once one is known."""
    record(
        event, subject_kind="student" if arrival.student_id else "arrival",
        subject_id=arrival.student_id or arrival.id, place=arrival.place, county_id=arrival.county_id,
        facts={"arrival": str(arrival.id), **facts},
    )  # fmt: skip
