"""Filings as a bureau sees them: what came in, and what is missing, of which nothing is known but school and level."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.filings.bureaus import bureaus_beyond, bureaus_of
from xinqiao.care.filings.clocks import TO_CONFIRM
from xinqiao.care.filings.figures import Dated, SchoolFigures, figures_of, hours_late, is_missing
from xinqiao.care.filings.models import Filing
from xinqiao.care.filings.rows import every_passing
from xinqiao.care.filings.selectors.school import note_filing_read
from xinqiao.care.filings.selectors.story import EditionRow, StepRow, edition_rows, story_of
from xinqiao.care.filings.states import FilingKind, FilingState
from xinqiao.care.filings.terms import terms_of
from xinqiao.care.filings.wording import order_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.register.deadlines.selectors import ClockRow, running_clocks
from xinqiao.register.orgs.selectors import name_on, units_by_path
from xinqiao.register.policy.filing_words import bureau_words

MOST_RECEIVED = 300


@dataclass(frozen=True)
class GapRow:
    """Something that should have come in and has not: no number, no name, no id."""

    school: str
    level: str
    hours: int


@dataclass(frozen=True)
class ReceivedRow:
    """One filing that came in, under its number."""

    id: UUID
    reference: str
    school: str
    order: str
    kind: str
    level: str
    sent_at: dt.datetime
    hours_late: int
    is_waiting: bool
    is_passed_here: bool
    clock: ClockRow | None


@dataclass(frozen=True)
class Received:
    """What a bureau has in front of it: gaps first, then what waits to be confirmed, then the rest."""

    gaps: tuple[GapRow, ...]
    rows: tuple[ReceivedRow, ...]
    schools: tuple[SchoolFigures, ...]

    @property
    def waiting(self) -> int:
        return sum(row.is_waiting for row in self.rows)


def received(actor: Actor, now: dt.datetime) -> Received:
    """Return what came in at the reader's bureau and what is missing; reading it is one audit event."""
    rows = Filing.objects.visible_to(actor, Permission.FILING_RECEIVE)
    found = list(rows.defer("lapse_words").order_by("-sent_at", "-id")[:MOST_RECEIVED])
    if found:
        note_reading(
            actor, "filings.received.read", subject_kind="students", place=found[0].place,
            county_id=found[0].county_id,
            facts={"count": len(found), "ids": [str(each.student_id) for each in found]},
        )  # fmt: skip
    dated = _dated(actor)
    places = {each.place for each in found} | {place for _level, _due, place, _sent, _state in dated}
    schools = {path: name_on(unit, today()) for path, unit in units_by_path(places).items()}
    shown = _received_rows(actor, found, schools, now)
    return Received(
        gaps=tuple(_gaps(dated, schools, now)),
        rows=tuple(sorted(shown, key=lambda row: (not row.is_waiting,))),
        schools=tuple(figures_of([_as_dated(each, schools) for each in dated], now)),
    )


def count_for_bureau(actor: Actor, now: dt.datetime) -> tuple[int, int]:
    """Return how many filings wait to be confirmed, and how many are missing. Names nobody."""
    rows = Filing.objects.visible_to(actor, Permission.FILING_RECEIVE).filter(state=FilingState.SENT)
    waiting = rows.filter(bureau__in=bureaus_of(actor)).count()
    missing = sum(is_missing(_as_dated(each, {}), now) for each in _dated(actor))
    return int(waiting), missing


_Dated = tuple[str, dt.datetime, str, dt.datetime | None, str]


def _dated(actor: Actor) -> list[_Dated]:
    """Return (level, due, school, sent, state) of everything owed to the reader's bureau, and not a word more: before
    a filing has come in, a bureau knows neither whom it is about nor its number."""
    rows = Filing.objects.for_system(reason="what is owed to the reader's bureau: school, level and days alone")
    mine = rows.filter(bureau__in=bureaus_of(actor)).order_by("due_at", "id")
    return list(mine.values_list("level", "due_at", "place", "sent_at", "state"))


def _as_dated(each: _Dated, schools: dict[str, str]) -> Dated:
    _level, due_at, place, sent_at, state = each
    return Dated(schools.get(place, ""), due_at, sent_at, is_lapsed=state == FilingState.LAPSED)


def _gaps(dated: Sequence[_Dated], schools: dict[str, str], now: dt.datetime) -> list[GapRow]:
    missing = [each for each in dated if is_missing(_as_dated(each, schools), now)]
    rows = [GapRow(schools.get(each[2], ""), each[0], hours_late(each[1], now)) for each in missing]
    return sorted(rows, key=lambda row: -row.hours)


def _received_rows(
    actor: Actor, found: Sequence[Filing], schools: dict[str, str], now: dt.datetime
) -> list[ReceivedRow]:
    clocks, own = running_clocks([each.id for each in found], now), set(bureaus_of(actor))
    result = []
    for each in found:
        assert each.sent_at is not None  # a bureau reaches nothing else
        is_here = each.bureau in own
        clock = next((row for row in clocks.get(each.id, ()) if row.kind == TO_CONFIRM), None)
        result.append(
            ReceivedRow(
                id=each.id, reference=each.reference, school=schools.get(each.place, ""),
                order=order_words(terms_of(each.terms)), kind=str(FilingKind(each.kind).label), level=each.level,
                sent_at=each.sent_at, hours_late=hours_late(each.due_at, each.sent_at),
                is_waiting=is_here and each.state == FilingState.SENT, is_passed_here=not is_here,
                clock=clock if is_here else None,
            )
        )  # fmt: skip
    return result


@dataclass(frozen=True)
class ReceivedPage:
    """One filing as a bureau reads it: the versions that were sent, its story, and what may be done."""

    filing: Filing
    school: str
    order: str
    kind: str
    editions: Sequence[EditionRow]
    story: Sequence[StepRow]
    clock: ClockRow | None
    hours_late: int
    may_acknowledge: bool
    is_being_corrected: bool
    onward: Sequence[tuple[str, str]]

    @property
    def newest(self) -> EditionRow:
        return self.editions[0]


def received_page(actor: Actor, filing: Filing, now: dt.datetime) -> ReceivedPage:
    """Return one filing that reached the reader's bureau; reading it leaves an event.

    A bureau to which it was passed on never sees a name.
    """
    note_filing_read(actor, filing)
    is_here, school = filing.bureau in bureaus_of(actor), units_by_path([filing.place]).get(filing.place)
    clocks = running_clocks([filing.id], now).get(filing.id, ())
    assert filing.sent_at is not None  # a bureau reaches nothing else
    return ReceivedPage(
        filing=filing, school=name_on(school, today()) if school else "", order=order_words(terms_of(filing.terms)),
        kind=str(FilingKind(filing.kind).label),
        editions=edition_rows(filing, sent_only=True, unnamed=not is_here), story=story_of(filing, sent_only=True),
        clock=next((row for row in clocks if row.kind == TO_CONFIRM), None) if is_here else None,
        hours_late=hours_late(filing.due_at, filing.sent_at),
        may_acknowledge=is_here and filing.state == FilingState.SENT,
        is_being_corrected=filing.state not in (FilingState.SENT, FilingState.ACKNOWLEDGED),
        onward=_onward(filing) if is_here else (),
    )  # fmt: skip


def _onward(filing: Filing) -> list[tuple[str, str]]:
    """Return to which bureaus a filing may still be passed on, as code and words."""
    above = bureaus_beyond(filing.bureau)
    passed = set(every_passing().filter(filing=filing).values_list("bureau", flat=True))
    codes = [code for code in terms_of(filing.terms).on_to if code in above and above[code].id not in passed]
    return [(code, bureau_words(code)) for code in codes]
