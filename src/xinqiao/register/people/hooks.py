"""What the register tells the floors above, in the same transaction."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.core.hooks import Hook


@dataclass(frozen=True, slots=True)
class Moved:
    """A pupil whose place changed: into another class, out of the school (`place` is then the school's), or back."""

    student_id: UUID
    county_id: UUID
    old_place: str
    place: str
    is_at_school: bool
    on: dt.date


@dataclass(frozen=True, slots=True)
class ConsentDecided:
    """What was decided on consent for one pupil: `purpose` and `decision` are codes of `states`; `by` wrote it down."""

    student_id: UUID
    purpose: str
    decision: str
    by: UUID
    at: dt.datetime


students_moved: Hook[Moved] = Hook("StudentsMoved")
consent_decided: Hook[ConsentDecided] = Hook("ConsentDecided")
