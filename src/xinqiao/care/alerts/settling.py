"""What alerts tells the floors above, in the same transaction: signals were settled, people were told of one."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.core.hooks import Hook
from xinqiao.register.people.models import Student


@dataclass(frozen=True)
class Settled:
    """One pupil's signals that a talk settled (none where the pupil raised none and was drawn by lot). `outcome` and
    `level` are codes of `states` ("" for no level)."""

    student: Student
    signal_ids: tuple[UUID, ...]
    interview_id: UUID
    outcome: str
    level: str
    by: UUID
    at: dt.datetime


@dataclass(frozen=True)
class SignalTold:
    """A new signal of which people were told now: its clocks run."""

    student_id: UUID
    signal_id: UUID
    at: dt.datetime


signals_settled: Hook[Settled] = Hook("SignalsSettled")
signal_told: Hook[SignalTold] = Hook("SignalTold")
