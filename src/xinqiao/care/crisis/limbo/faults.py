"""What the proof finds."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.crisis.limbo.raw import Raw


@dataclass(frozen=True)
class Fault:
    """One thing that waits unseen, or a clock that did not do what it should. `words` names no person."""

    code: str
    subject_kind: str
    subject_id: UUID
    words: str = ""


@dataclass(frozen=True)
class Allowance:
    """How late a job may be before it counts: the ticker looks every second, a loaded machine needs more."""

    late: dt.timedelta = dt.timedelta(seconds=60)


Check = Callable[[Raw, Allowance], Iterator[Fault]]
