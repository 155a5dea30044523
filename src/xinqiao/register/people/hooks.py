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


students_moved: Hook[Moved] = Hook("StudentsMoved")
