"""What waits to be written, and what one batch of it shares."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from xinqiao.care.sheets.intake.attempts import Attempts, Tally
from xinqiao.care.sheets.intake.bodies import (
    CriticalBody,
    EnterBody,
    FormBody,
    HelpBody,
    HoursBody,
    LetterBody,
    SubmitBody,
    ThreadBody,
    WeekBody,
)
from xinqiao.care.sheets.intake.keyring import Keyring
from xinqiao.care.sheets.intake.papers import Papers
from xinqiao.care.sheets.intake.replies import Reply
from xinqiao.care.sheets.intake.rows import Rows
from xinqiao.care.sheets.intake.schools import Schools
from xinqiao.care.sheets.intake.store import Store
from xinqiao.care.sheets.intake.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Entry:
    """Someone at the door; what was typed is tidied."""

    body: EnterBody


@dataclass(frozen=True, slots=True)
class FormEntry:
    """Someone with the code of a form about a pupil."""

    body: FormBody


@dataclass(frozen=True, slots=True)
class Submission:
    """A sheet to be handed in."""

    ticket: Ticket
    body: SubmitBody


@dataclass(frozen=True, slots=True)
class Tick:
    """A critical item, ticked or changed."""

    ticket: Ticket
    body: CriticalBody


@dataclass(frozen=True, slots=True)
class Talk:
    """Someone who wants to talk."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Call:
    """A pupil who calls for someone."""

    body: HelpBody


@dataclass(frozen=True, slots=True)
class ClassWeek:
    """A committee member with, or before, a report of the class."""

    body: WeekBody


@dataclass(frozen=True, slots=True)
class Writing:
    """A pupil's letter."""

    body: LetterBody


@dataclass(frozen=True, slots=True)
class Thread:
    """Somebody with the code of a letter."""

    body: ThreadBody


@dataclass(frozen=True, slots=True)
class Hours:
    """A pupil who looks for an hour with the counsellor, books one, or gives one up."""

    body: HoursBody


@dataclass(frozen=True, slots=True)
class PageWanted:
    """A paper that is not at hand; `digest` is the first part of its address."""

    digest: str


@dataclass(frozen=True, slots=True)
class Pulse:
    """Does the database answer?"""


Work = Entry | FormEntry | Submission | Tick | Talk | Call | ClassWeek | Writing | Thread | Hours | PageWanted | Pulse
IS_URGENT = (Tick, Talk, Call, Pulse)
OF_ANYBODY = (Call, Writing, Thread)  # these need no ticket


def goes_first(work: Work) -> bool:
    """Is it taken before the usual work? So is a letter that does not wait."""
    return isinstance(work, IS_URGENT) or (isinstance(work, Writing | Thread) and work.body.is_urgent)


@dataclass(slots=True)
class Desk:
    """What the writing thread keeps between batches."""

    tickets_secret: bytes
    index_secret: bytes
    keys: Keyring = field(default_factory=Keyring)
    papers: Papers = field(default_factory=Papers)
    schools: Schools = field(default_factory=Schools)
    attempts: Attempts = field(default_factory=Attempts)
    letters: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class Batch:
    """One transaction: its moment, its rows, and what to remember once it is committed."""

    store: Store
    desk: Desk
    at: dt.datetime
    clock_seconds: float
    rows: Rows = field(default_factory=Rows)
    failures: list[tuple[str, bytes | None]] = field(default_factory=list)
    shared: dict[Any, Any] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        """The local day of the batch's moment."""
        if "today" not in self.shared:
            self.shared["today"] = timezone.localtime(self.at).date()
        day: dt.date = self.shared["today"]
        return day

    def remember_failures(self) -> None:
        """Count the wrong entries of a committed batch."""
        for window, unknown in self.failures:
            self.desk.attempts.count_failure(window, self.clock_seconds)
            if unknown is not None:
                self.desk.attempts.count_unknown(window, unknown, self.clock_seconds)


__all__ = [
    "Batch",
    "Call",
    "ClassWeek",
    "Desk",
    "Entry",
    "FormEntry",
    "Hours",
    "PageWanted",
    "Pulse",
    "Reply",
    "Submission",
    "Talk",
    "Thread",
    "Tick",
    "Work",
    "Writing",
]
