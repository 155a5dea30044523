"""Filings as the school sees them: what is owed and until when, what was sent, what the bureau said."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.filings.bureaus import bureau_name
from xinqiao.care.filings.clocks import TO_SEND
from xinqiao.care.filings.editions import is_stale, newest
from xinqiao.care.filings.facts import case_now, facts_of, is_ordered_up
from xinqiao.care.filings.models import Filing
from xinqiao.care.filings.payload import Payload, shown_rows
from xinqiao.care.filings.selectors.story import EditionRow, StepRow, edition_rows, story_of
from xinqiao.care.filings.states import OWED, FilingKind, FilingState, sources_of
from xinqiao.care.filings.terms import terms_of
from xinqiao.care.filings.wording import CLOCK_WORDS, order_words
from xinqiao.engines.schedule import minutes_left
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.register.deadlines.selectors import ClockRow, running_clocks
from xinqiao.register.people.finding import name_of
from xinqiao.register.policy.packs import FilingOrder

MOST_IDS_IN_AUDIT = 200
MOST_SENT = 200


@dataclass(frozen=True)
class FilingRow:
    """One filing in a list of the school. `minutes_left` is None where nothing has to be sent any more."""

    id: UUID
    name: str
    class_name: str
    order: str
    kind: str
    level: str
    state: str
    state_words: str
    minutes_left: int | None
    sent_at: dt.datetime | None
    is_mine: bool

    @property
    def is_late(self) -> bool:
        return self.minutes_left is not None and self.minutes_left < 0


@dataclass(frozen=True)
class FilingList:
    """What is owed, the one that is due first on top, and what was sent or dropped, the newest first."""

    owed: tuple[FilingRow, ...]
    sent: tuple[FilingRow, ...]

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.owed)

    @property
    def mine(self) -> int:
        """How many wait for the reader."""
        return sum(row.is_mine for row in self.owed)


@dataclass(frozen=True)
class Waiting:
    """How many filings of the school are owed, how many of them late, and how many wait for the reader."""

    owed: int
    late: int
    mine: int


def filing_list(actor: Actor, now: dt.datetime) -> FilingList:
    """Return the filings of the reader's schools; reading them is one audit event."""
    rows = Filing.objects.visible_to(actor, Permission.FILING_VIEW).select_related("student")
    owed = list(rows.filter(state__in=OWED).order_by("due_at", "id"))
    sent = list(rows.exclude(state__in=OWED).order_by("-owed_at", "-id")[:MOST_SENT])
    found = [*owed, *sent]
    if found:
        note_reading(
            actor, "filings.list.read", subject_kind="students", place=found[0].place, county_id=found[0].county_id,
            facts={"count": len(found), "ids": [str(each.student_id) for each in found[:MOST_IDS_IN_AUDIT]]},
        )  # fmt: skip
    shown = _rows(actor, found, now)
    return FilingList(tuple(shown[: len(owed)]), tuple(shown[len(owed) :]))


def waiting_for(actor: Actor, now: dt.datetime) -> Waiting:
    """Return how much is owed at the reader's schools. Names nobody."""
    rows = Filing.objects.visible_to(actor, Permission.FILING_VIEW).filter(state__in=OWED)
    owed = list(rows.only("id", "state", "terms", "due_at", "sent_at", "place", "county_id"))
    late = sum(each.sent_at is None and each.due_at < now for each in owed)
    return Waiting(len(owed), late, sum(_waits_for(actor, each, terms_of(each.terms)) for each in owed))


def _waits_for(actor: Actor, filing: Filing, terms: FilingOrder) -> bool:
    """Is it the reader's turn?"""
    to_check = filing.state == FilingState.COMPOSED and terms.is_checked
    permission = Permission.FILING_CHECK if to_check else Permission.FILING_WRITE
    return actor.can(permission, filing.place)


def _rows(actor: Actor, filings: Sequence[Filing], now: dt.datetime) -> list[FilingRow]:
    students = [each.student for each in filings]
    names, classes = names_of(students), class_names({each.place for each in students}, today())
    clocks = running_clocks([each.id for each in filings], now)
    found = []
    for each in filings:
        terms, is_owed = terms_of(each.terms), each.state in OWED
        clock = next((row for row in clocks.get(each.id, ()) if row.kind == TO_SEND), None)
        left = clock.minutes_left if clock else minutes_left(each.due_at, now)
        found.append(
            FilingRow(
                id=each.id, name=names[each.student_id], class_name=classes.get(each.student.place, ""),
                order=order_words(terms), kind=str(FilingKind(each.kind).label), level=each.level, state=each.state,
                state_words=str(FilingState(each.state).label), minutes_left=left if is_owed else None,
                sent_at=each.sent_at, is_mine=is_owed and _waits_for(actor, each, terms),
            )
        )  # fmt: skip
    return found


def find_filing(actor: Actor, permission: Permission, filing_id: UUID) -> Filing | None:
    """Return a filing that the actor may reach by a permission; None otherwise."""
    rows = Filing.objects.visible_to(actor, permission).select_related("student", "case")
    found: Filing | None = rows.filter(pk=filing_id).first()
    return found


@dataclass(frozen=True)
class FilingPage:
    """One filing as the school sees it; `rows` is exactly what goes up, or went."""

    filing: Filing
    name: str
    class_name: str
    order: str
    kind: str
    state_words: str
    bureau: str
    rows: Sequence[tuple[str, str]]
    is_stale: bool
    is_named: bool
    is_checked: bool
    is_correction: bool
    editions: Sequence[EditionRow]
    story: Sequence[StepRow]
    clocks: Sequence[tuple[str, ClockRow]]
    may_write: bool
    may_check: bool
    may_send: bool
    may_lapse: bool
    waits_for_check: bool


def filing_page(actor: Actor, filing: Filing, now: dt.datetime) -> FilingPage:
    """Return one filing for whoever may see the school's; reading it leaves an event."""
    note_filing_read(actor, filing)
    terms, editions = terms_of(filing.terms), edition_rows(filing)
    last = newest(filing)
    is_owed, writes = filing.state in OWED, actor.can(Permission.FILING_WRITE, filing.place)
    checks, place = actor.can(Permission.FILING_CHECK, filing.place), filing.student.place
    ready = FilingState.CHECKED if terms.is_checked else FilingState.COMPOSED
    return FilingPage(
        filing=filing, name=name_of(filing.student), class_name=class_names([place], today()).get(place, ""),
        order=order_words(terms), kind=str(FilingKind(filing.kind).label),
        state_words=str(FilingState(filing.state).label), bureau=bureau_name(filing.bureau),
        rows=editions[0].rows if editions else (),
        is_stale=last is not None and filing.state in (FilingState.COMPOSED, FilingState.CHECKED)
        and is_stale(filing, last),
        is_named=terms.is_named, is_checked=terms.is_checked, is_correction=is_owed and filing.sent_at is not None,
        editions=editions, story=story_of(filing), may_write=writes and filing.state != FilingState.LAPSED,
        clocks=[(str(CLOCK_WORDS[row.kind]), row) for row in running_clocks([filing.id], now).get(filing.id, ())],
        may_check=checks and filing.state == FilingState.COMPOSED and terms.is_checked,
        may_send=writes and filing.state == ready,
        may_lapse=checks and terms.may_lapse and filing.sent_at is None
        and filing.state in sources_of(FilingState.LAPSED) and not is_ordered_up(filing, case_now(filing)),
        waits_for_check=terms.is_checked and filing.state == FilingState.COMPOSED,
    )  # fmt: skip


def note_filing_read(actor: Actor, filing: Filing) -> None:
    """Leave the event that a filing was read."""
    note_reading(
        actor, "filings.filing.read", subject_kind="student", subject_id=filing.student_id, place=filing.place,
        county_id=filing.county_id, facts={"filing": str(filing.id)},
    )  # fmt: skip


def facts_rows(filing: Filing) -> list[tuple[str, str]]:
    """Return what will be taken from the case if a version is written now."""
    return shown_rows(Payload(facts_of(filing), "", "", ""))
