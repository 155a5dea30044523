"""What a case says when people have judged it: the hook that the apps above listen to, in the same transaction."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.core.hooks import Hook


@dataclass(frozen=True)
class Judged:
    """One judgement: the level it set and the one before it ("" for none); `by` is the member of staff who wrote it."""

    case_id: UUID
    level: str
    before: str
    by: UUID
    at: dt.datetime


case_judged: Hook[Judged] = Hook("CaseJudged")
