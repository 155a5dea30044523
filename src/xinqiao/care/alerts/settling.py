"""What alerts tells the floors above when a talk settles signals, in the same transaction."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.core.hooks import Hook
from xinqiao.register.people.models import Student


@dataclass(frozen=True)
class Settled:
    """One pupil's signals that a talk settled. `outcome` and `level` are codes of `states` ("" for no level)."""

    student: Student
    signal_ids: tuple[UUID, ...]
    interview_id: UUID
    outcome: str
    level: str
    by: UUID
    at: dt.datetime


signals_settled: Hook[Settled] = Hook("SignalsSettled")
