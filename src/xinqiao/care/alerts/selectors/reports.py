"""What somebody reported themselves, and what was reported of a pupil, each for whom it is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.care.alerts.models import Notice, Report, Signal
from xinqiao.care.alerts.rows import every_notice
from xinqiao.care.alerts.states import STAFF_SOURCES, SeenWhen, SignalState, Source, Urgency
from xinqiao.care.alerts.wording import role_words, stand_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.selectors import schools_for

KEPT_DAYS = 90
MOST_ROWS = 100
_REASON = "what the actor reported: the pupil as the actor typed it, and whether somebody has it"


@dataclass(frozen=True)
class OwnReport:
    """One report of the actor's own, as `typed`, of one pupil or of several; of what came of it only that somebody
    looked."""

    id: UUID
    typed: str
    reported_at: dt.datetime
    stand: str
    pupils: int
    is_settled: bool


@dataclass(frozen=True)
class ToldRole:
    """As what people were told, how many, and when first."""

    role: str
    people: int
    at: dt.datetime


@dataclass(frozen=True)
class Receipt:
    """What a reporter is shown after sending."""

    typed: str
    reported_at: dt.datetime
    is_red: bool
    is_bullying: bool
    told: tuple[ToldRole, ...]
    place: str


@dataclass(frozen=True)
class ReportLines:
    """A report on the page of its signal, for one who may talk to the pupil. `other` is the signal of the pair."""

    source: str
    reporter: str
    seen_when: str
    stayed: bool | None
    words: str
    reported_at: dt.datetime
    other: UUID | None
    may_settle: bool


def own_reports(actor: Actor, now: dt.datetime) -> list[OwnReport]:
    """Return what the actor reported in the last months, the newest first; showing how it stands is an event."""
    since = now - dt.timedelta(days=KEPT_DAYS)
    rows = list(_own(actor).filter(reported_at__gte=since).order_by("-reported_at")[:MOST_ROWS])
    if rows:
        note_reading(
            actor, "alerts.report.read", subject_kind="students", place=min(row.place for row in rows),
            county_id=rows[0].county_id, facts={"count": len(rows), "ids": [str(row.student_id) for row in rows]},
        )  # fmt: skip
    found: dict[tuple[str, dt.datetime], list[Report]] = {}
    for row, opened in zip(rows, open_sealed(rows, "typed"), strict=True):
        found.setdefault((opened["typed"] or "", row.reported_at), []).append(row)
    return [_own_row(typed, together) for (typed, _at), together in found.items()]


def _own_row(typed: str, together: Sequence[Report]) -> OwnReport:
    """One row for what was sent together of a class; it stands as the one that waits longest stands."""
    state = min((SignalState(row.signal.state) for row in together), key=list(SignalState).index)
    return OwnReport(
        together[0].id, typed, together[0].reported_at, stand_words(state), len(together), state == SignalState.CLOSED
    )


def find_own_report(actor: Actor, report_id: UUID) -> Report | None:
    """Return a report of the actor's own; None for anybody else's."""
    return _own(actor).filter(pk=report_id).first()


def receipt_of(actor: Actor, report: Report) -> Receipt:
    """Return what the reporter is shown of an own report: as what people were told, never who they are. One event."""
    note_reading(
        actor, "alerts.receipt.read", subject_kind="student", subject_id=report.student_id, place=report.place,
        county_id=report.county_id,
    )  # fmt: skip
    roles: dict[str, list[Notice]] = {}
    for notice in every_notice().filter(signal_id=report.signal_id).order_by("created_at"):
        roles.setdefault(role_words(notice.role), []).append(notice)
    (opened,) = open_sealed([report], "typed")
    told = tuple(ToldRole(role, len(rows), rows[0].created_at) for role, rows in roles.items())
    return Receipt(opened["typed"] or "", report.reported_at, report.signal.urgency == Urgency.RED,
                   report.pair is not None, told, report.place)  # fmt: skip


def _own(actor: Actor) -> QuerySet[Report]:
    """Those of the schools at which the actor may still report."""
    schools = [school.path for school in schools_for(actor, Permission.WORRY_REPORT)]
    rows: QuerySet[Report] = Report.objects.for_system(reason=_REASON).filter(within(schools))
    return rows.filter(reported_by=actor.person_id).select_related("signal")


def report_lines(actor: Actor, signal: Signal) -> ReportLines | None:
    """Return the report behind a signal, for one who may talk to the pupil; None where there is none to show."""
    report = Report.objects.visible_to(actor, Permission.INTERVIEW_WRITE).filter(signal=signal).first()
    if report is None:
        return None
    (opened,) = open_sealed([report], "words")
    may_settle = (
        signal.state != SignalState.CLOSED and signal.urgency == Urgency.YELLOW and signal.source in STAFF_SOURCES
    )
    return ReportLines(
        source=str(Source(signal.source).label), reporter=staff_names([report.reported_by]).get(report.reported_by, ""),
        seen_when=str(SeenWhen(report.seen_when).label), stayed=report.stayed, words=opened["words"] or "",
        reported_at=report.reported_at, other=_other_of_the_pair(actor, report), may_settle=may_settle,
    )  # fmt: skip


def words_of_reports(actor: Actor, signals: Sequence[Signal]) -> dict[UUID, str]:
    """Return the own words of the reports behind some signals, for those who may talk to the pupils."""
    rows = list(
        Report.objects.visible_to(actor, Permission.INTERVIEW_WRITE).filter(signal_id__in=[each.id for each in signals])
    )
    return {row.signal_id: opened["words"] or "" for row, opened in zip(rows, open_sealed(rows, "words"), strict=True)}


def _other_of_the_pair(actor: Actor, report: Report) -> UUID | None:
    if report.pair is None:
        return None
    rows = Report.objects.visible_to(actor, Permission.INTERVIEW_WRITE).filter(pair=report.pair).exclude(pk=report.pk)
    found: UUID | None = rows.values_list("signal_id", flat=True).first()
    return found
