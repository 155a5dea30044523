"""Opening a case: because a talk found that a child needs continued care."""

import datetime as dt
from uuid import UUID

from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.rows import every_case
from xinqiao.care.crisis.states import CaseState
from xinqiao.foundation.audit.recording import record
from xinqiao.register.people.models import Student


def write_case(student: Student, *, by: UUID, at: dt.datetime) -> tuple[Case, bool]:
    """Open a case led by `by`, or return the one that is open already; say whether it is new. A private body."""
    case = Case(
        county_id=student.county_id, place=student.place, student=student, key_id=student.key_id, owner=by,
        opened_at=at, opened_by=by,
    )  # fmt: skip
    every_case().bulk_create([case], ignore_conflicts=True)
    stored = every_case().exclude(state=CaseState.CLOSED).get(student=student)
    if stored.id != case.id:
        return stored, False
    record(
        "crisis.case.opened", subject_kind="student", subject_id=student.id, place=student.place,
        county_id=student.county_id, facts={"case": str(case.id)},
    )  # fmt: skip
    return stored, True
