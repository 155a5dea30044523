"""What is told to the floors above when a guardian has heard of a flagged pupil, whoever wrote it down, in the same
transaction. Alerts, letters and cases send it; reading the letter for everybody is none: it says nothing of a pupil.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.core.hooks import Hook

TOLD, WITHHELD, FOLLOW_UP, LETTER, LETTER_TALK = "told", "withheld", "follow_up", "letter", "letter_talk"


@dataclass(frozen=True)
class Heard:
    """A guardian of a pupil heard, or (`through` withheld) is not told for the child's protection.

    `through` is one of this module's words, `origin_id` the row that says so; `by` is None for whoever holds a code.
    """

    student_id: UUID
    through: str
    origin_id: UUID
    by: UUID | None
    at: dt.datetime


guardian_heard: Hook[Heard] = Hook("GuardianHeard")
