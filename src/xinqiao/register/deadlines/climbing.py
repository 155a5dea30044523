"""What a clock says when it climbs: the hook that the apps above listen to, in the same transaction."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.core.hooks import Hook


@dataclass(frozen=True)
class Climb:
    """One clock that was not met in time, and the rung it climbed to (1 is the first above those told at first).

    `recipients` are the policy's words for whom to tell now; `due_at` is when the clock was due, `at` the moment.
    """

    deadline_id: UUID
    kind: str
    subject_kind: str
    subject_id: UUID
    place: str
    county_id: UUID
    urgency: str
    rung: int
    recipients: tuple[str, ...]
    due_at: dt.datetime
    at: dt.datetime


clock_climbed: Hook[Climb] = Hook("ClockClimbed")
