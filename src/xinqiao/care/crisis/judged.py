"""What a case says when people have judged it: the hook that the apps above listen to, in the same transaction."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.core.hooks import Hook


@dataclass(frozen=True)
class Judged:
    """One judgement: the level it set and that of the judgement before it ("" for none), which is not always the level
    that stood: a talk about a new signal may have raised it already. `by` is the member of staff who wrote it."""

    case_id: UUID
    level: str
    before: str
    by: UUID
    at: dt.datetime


case_judged: Hook[Judged] = Hook("CaseJudged")
