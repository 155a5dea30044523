"""Incidents for those who lead them, and for bureaus, who read no name and no words."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.incidents.models import (
    Exposure,
    Incident,
    IncidentLine,
    IncidentReport,
    JointActivation,
    MessageDraft,
    OpinionItem,
)
from xinqiao.care.incidents.rows import every_part, every_phone_call
from xinqiao.care.incidents.selectors.opinion_figures import OpinionFigures, opinion_figures
from xinqiao.care.incidents.states import (
    DRAFT_OPEN,
    OPINION_OPEN,
    PART_OPEN,
    REPORT_OPEN,
    BackState,
    CareState,
    IncidentState,
    JointState,
    LineState,
    ReportState,
)
from xinqiao.care.incidents.wording import name_in
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.selectors import units_by_id
from xinqiao.register.policy.emergency_words import form_words

MOST = 100


@dataclass(frozen=True)
class IncidentRow:
    """One incident in the list of those who lead; `waiting` and `late` count lines, pupils, reports,
    messages and what the public says; a message is never late."""

    id: UUID
    school: str
    kind: str
    happened_at: dt.datetime
    is_open: bool
    leader: str
    waiting: int
    late: int
    closed_at: dt.datetime | None


@dataclass(frozen=True)
class ReportGap:
    """One report as a bureau sees it; `is_gap` where it is due and was not sent."""

    id: UUID
    name: str
    state: str
    state_label: str
    due_at: dt.datetime
    sent_at: dt.datetime | None
    is_gap: bool

    @property
    def is_sent(self) -> bool:
        """Can it be read?"""
        return self.state in (ReportState.SENT, ReportState.RECEIVED)


@dataclass(frozen=True)
class JointBrief:
    """The newest joint activation of an incident: does it run, and how much in it is late."""

    id: UUID
    is_active: bool
    late: int


@dataclass(frozen=True)
class CountRow:
    """One incident as a bureau sees it: school, kind and hour, how its reports stand, and where the policy says so how
    many items of public opinion there are."""

    school: str
    kind: str
    happened_at: dt.datetime
    is_open: bool
    reports: tuple[ReportGap, ...]
    joint: JointBrief | None
    opinion: OpinionFigures | None = None

    @property
    def gaps(self) -> int:
        """How many reports are late."""
        return sum(each.is_gap for each in self.reports)


def incident_for(actor: Actor, incident_id: UUID) -> Incident | None:
    """Return an incident that the actor may lead, else None."""
    rows = Incident.objects.visible_to(actor, Permission.INCIDENT_LEAD)
    found: Incident | None = rows.filter(pk=incident_id).first()
    return found


def line_for(actor: Actor, line_id: UUID) -> IncidentLine | None:
    """Return a line of an incident that the actor may lead, else None."""
    rows = IncidentLine.objects.visible_to(actor, Permission.INCIDENT_LEAD).select_related("incident")
    found: IncidentLine | None = rows.filter(pk=line_id).first()
    return found


def exposure_for(actor: Actor, exposure_id: UUID, permission: Permission) -> Exposure | None:
    """Return an exposed pupil whom the actor may reach by a permission, else None."""
    rows = Exposure.objects.visible_to(actor, permission).select_related("incident", "student")
    found: Exposure | None = rows.filter(pk=exposure_id).first()
    return found


def incident_rows(actor: Actor, at: dt.datetime) -> list[IncidentRow]:
    """Return the incidents that an actor may lead, running ones first; a fixed number of queries for any number."""
    rows = list(Incident.objects.visible_to(actor, Permission.INCIDENT_LEAD).order_by("-state", "-happened_at")[:MOST])
    waiting, late = _tally(rows, at)
    schools, names = units_by_id({row.school_id for row in rows}), staff_names([row.leader for row in rows])
    return [
        IncidentRow(
            id=row.id, school=schools[row.school_id].name if row.school_id in schools else "",
            kind=name_in(row.names), happened_at=row.happened_at, is_open=row.state == IncidentState.OPEN,
            leader=names.get(row.leader, ""), waiting=waiting[row.id], late=late[row.id], closed_at=row.closed_at,
        )
        for row in rows
    ]  # fmt: skip


def count_late(actor: Actor, at: dt.datetime) -> tuple[int, int]:
    """Return how many incidents run that the actor may lead, and how much in them is late. Names nobody."""
    rows = list(Incident.objects.visible_to(actor, Permission.INCIDENT_LEAD).filter(state=IncidentState.OPEN))
    return len(rows), sum(_tally(rows, at)[1].values()) if rows else 0


def _tally(rows: Sequence[Incident], at: dt.datetime) -> tuple[Counter[UUID], Counter[UUID]]:
    waiting: Counter[UUID] = Counter()
    late: Counter[UUID] = Counter()
    for model, states in (
        (IncidentLine, (LineState.WAITING,)), (Exposure, (CareState.WAITING,)), (IncidentReport, REPORT_OPEN),
        (OpinionItem, OPINION_OPEN),
    ):  # fmt: skip
        found = model.objects.for_system(reason="counts of incidents whose reader was checked")
        for known, due_at in found.filter(incident__in=rows, state__in=states).values_list("incident_id", "due_at"):
            waiting[known] += 1
            late[known] += due_at < at
    drafts = MessageDraft.objects.for_system(reason="counts of incidents whose reader was checked")
    waiting.update(drafts.filter(incident__in=rows, state__in=DRAFT_OPEN).values_list("incident_id", flat=True))
    calls = every_phone_call().filter(hotline__incident__in=rows, back_state=BackState.WAITING)
    for known, due in calls.values_list("hotline__incident_id", "back_due_at"):
        waiting[known] += 1
        late[known] += due is not None and due < at
    return waiting, late


def running_for(actor: Actor) -> list[tuple[Incident, str]]:
    """Return the running incidents below a bureau with the school's name. No pupil, no word of what happened."""
    rows = Incident.objects.visible_to(actor, Permission.INCIDENT_RECEIVE).filter(state=IncidentState.OPEN)
    found = list(rows.order_by("-happened_at")[:MOST])
    schools = units_by_id({row.school_id for row in found})
    return [(row, getattr(schools.get(row.school_id), "name", "")) for row in found]


def count_rows(actor: Actor, at: dt.datetime) -> list[CountRow]:
    """Return the incidents of the schools below a bureau: school, kind and hour, and which reports are missing. No
    pupil, no word of what happened."""
    rows = list(Incident.objects.visible_to(actor, Permission.INCIDENT_COUNT).order_by("-state", "-happened_at")[:MOST])
    reports: dict[UUID, list[IncidentReport]] = {}
    found = IncidentReport.objects.visible_to(actor, Permission.INCIDENT_COUNT).filter(incident__in=rows)
    for each in found.order_by("position"):
        reports.setdefault(each.incident_id, []).append(each)
    schools, joints = units_by_id({row.school_id for row in rows}), _joints(actor, rows, at)
    figures = opinion_figures(actor, rows, at)
    return [
        CountRow(
            school=schools[row.school_id].name if row.school_id in schools else "", kind=name_in(row.names),
            happened_at=row.happened_at, is_open=row.state == IncidentState.OPEN,
            reports=tuple(gap_of(each, at) for each in reports.get(row.id, ())), joint=joints.get(row.id),
            opinion=figures.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def _joints(actor: Actor, rows: Sequence[Incident], at: dt.datetime) -> dict[UUID, JointBrief]:
    """The newest joint activation of each incident, by incident; two queries for any number."""
    found = list(
        JointActivation.objects.visible_to(actor, Permission.INCIDENT_COUNT)
        .filter(incident__in=rows).order_by("opened_at")
    )  # fmt: skip
    parts = every_part().filter(activation__in=found, state__in=PART_OPEN, due_at__lt=at)
    late = Counter(parts.values_list("activation_id", flat=True))
    return {
        row.incident_id: JointBrief(
            row.id, row.state == JointState.ACTIVE,
            late[row.id] + (row.state == JointState.ACTIVE and row.situation_due_at < at),
        )
        for row in found
    }  # fmt: skip


def gap_of(report: IncidentReport, at: dt.datetime) -> ReportGap:
    """Return a report as a list shows it."""
    return ReportGap(
        id=report.id, name=form_words(report.form), state=report.state,
        state_label=str(ReportState(report.state).label), due_at=report.due_at, sent_at=report.sent_at,
        is_gap=report.state in REPORT_OPEN and report.due_at < at,
    )  # fmt: skip
