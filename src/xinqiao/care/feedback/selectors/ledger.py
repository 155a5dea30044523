"""The ledger of all warnings of a school year: where each came from, level, owner, measures, next look, outcome."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.models import Attention, Signal
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.alerts.states import Outcome, SignalState, Source, Urgency
from xinqiao.care.crisis.models import Case, Measure
from xinqiao.care.crisis.selectors.cases import next_of
from xinqiao.care.crisis.states import CaseState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.naming import school_year_of

MOST_IDS_IN_AUDIT, MOST_ROWS = 200, 1000
SCHOOL_YEAR_BEGINS = (9, 1)
REASON = "of pupils whose warnings were fetched for the actor"


@dataclass(frozen=True)
class Filters:
    """What is shown: the school year by the year it starts in, an urgency, and how it stands ("" for all)."""

    year: int
    urgency: str = ""
    stands: str = ""


@dataclass(frozen=True)
class LedgerRow:
    """One warning. `source` is empty for whoever may not know where it came from; no reasons and no notes."""

    signal_id: UUID
    name: str
    class_name: str
    raised_at: dt.datetime
    source: str
    urgency: str
    level: str
    stands: str
    is_open: bool
    owner: str
    measures: int
    next_on: dt.date | None
    is_overdue: bool
    outcome: str


@dataclass(frozen=True)
class Ledger:
    """The rows that the filters leave, and the school years there are."""

    rows: tuple[LedgerRow, ...]
    years: tuple[int, ...]
    is_cut: bool

    @property
    def open(self) -> int:
        return sum(row.is_open for row in self.rows)

    @property
    def overdue(self) -> int:
        return sum(row.is_overdue for row in self.rows)


def this_year() -> int:
    """Return the school year of today."""
    return school_year_of(today())


def warnings_ledger(actor: Actor, filters: Filters) -> Ledger:
    """Return the ledger for whoever may read it; reading it is one audit event."""
    visible = Signal.objects.visible_to(actor, Permission.LEDGER_VIEW)
    first = visible.order_by("raised_at").values_list("raised_at", flat=True).first()
    oldest = school_year_of(timezone.localtime(first).date()) if first else this_year()
    wanted = visible.filter(
        raised_at__date__gte=dt.date(filters.year, *SCHOOL_YEAR_BEGINS),
        raised_at__date__lt=dt.date(filters.year + 1, *SCHOOL_YEAR_BEGINS),
    )  # fmt: skip
    if filters.urgency:
        wanted = wanted.filter(urgency=filters.urgency)
    if filters.stands:
        is_open = filters.stands == "open"
        wanted = wanted.exclude(state=SignalState.CLOSED) if is_open else wanted.filter(state=SignalState.CLOSED)
    signals = list(wanted.select_related("student").order_by("-raised_at", "id")[: MOST_ROWS + 1])
    shown = signals[:MOST_ROWS]
    if shown:
        ids = list(dict.fromkeys(str(each.student_id) for each in shown))
        note_reading(
            actor, "feedback.ledger.read", subject_kind="students", place=min(each.student.place for each in shown),
            county_id=shown[0].county_id, facts={"count": len(ids), "ids": ids[:MOST_IDS_IN_AUDIT]},
        )  # fmt: skip
    years = tuple(range(this_year(), oldest - 1, -1))
    return Ledger(tuple(_rows(actor, shown)), years, is_cut=len(signals) > MOST_ROWS)


@dataclass(frozen=True)
class _Around:
    """What all rows need, read at once."""

    names: Mapping[UUID, str]
    classes: Mapping[str, str]
    cases: Mapping[UUID, Case]
    levels: Mapping[UUID, Attention]
    measures: Counter[UUID]
    staff: Mapping[UUID, str]
    may_know: bool


def _rows(actor: Actor, signals: Sequence[Signal]) -> list[LedgerRow]:
    students = [each.student for each in signals]
    ids = [each.id for each in students]
    cases = {row.student_id: row for row in Case.objects.for_system(reason=REASON).filter(student_id__in=ids)
             .order_by("opened_at")}  # the newest case of a pupil stands  # fmt: skip
    levels = Attention.objects.for_system(reason=REASON).filter(student_id__in=ids, ended_at__isnull=True)
    plans = Measure.objects.for_system(reason=REASON).filter(
        plan__case__in=[each.id for each in cases.values()], plan__is_current=True
    )
    people = {each for row in signals for each in (row.acknowledged_by, row.closed_by) if each}
    around = _Around(
        names=names_of(students), classes=class_names({each.place for each in students}, today()), cases=cases,
        levels={row.student_id: row for row in levels},
        measures=Counter(plans.values_list("plan__case_id", flat=True)),
        staff=staff_names([*people, *(each.owner for each in cases.values())]),
        may_know=actor.can_somewhere(Permission.QUEUE_VIEW),
    )  # fmt: skip
    return [_row(signal, around) for signal in signals]


def _row(signal: Signal, around: _Around) -> LedgerRow:
    case, level = around.cases.get(signal.student_id), around.levels.get(signal.student_id)
    is_case = case is not None and signal.outcome in (Outcome.CASE, Outcome.KNOWN)
    is_kept = signal.outcome in (Outcome.CASE, Outcome.WATCH, Outcome.KNOWN) or not signal.outcome
    next_on = next_of(case)[0] if is_case and case is not None else None
    if next_on is None and is_kept and level is not None:
        next_on = level.review_on
    owner_id = case.owner if is_case and case is not None else signal.closed_by or signal.acknowledged_by
    ended = case.get_end_reason_display() if is_case and case is not None and case.state == CaseState.CLOSED else ""
    outcome = str(Outcome(signal.outcome).label) if signal.outcome else ""
    return LedgerRow(
        signal_id=signal.id, name=around.names[signal.student_id],
        class_name=around.classes.get(signal.student.place, ""), raised_at=signal.raised_at,
        source=str(Source(signal.source).label) if around.may_know else "", urgency=signal.urgency,
        level=level.level if level is not None and is_kept else "none",
        stands=str(SignalState(signal.state).label), is_open=signal.state != SignalState.CLOSED,
        owner=around.staff.get(owner_id, "") if owner_id else "",
        measures=around.measures[case.id] if is_case and case is not None else 0, next_on=next_on,
        is_overdue=next_on is not None and next_on < today(),
        outcome=" · ".join(each for each in (outcome, ended) if each),
    )  # fmt: skip


URGENCIES = tuple(Urgency.values)
