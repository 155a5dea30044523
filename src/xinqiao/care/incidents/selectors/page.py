"""One incident with everything in it, for whoever leads it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.incidents import rules
from xinqiao.care.incidents.facts import end_facts
from xinqiao.care.incidents.models import Exposure, Hotline, Incident, IncidentLine
from xinqiao.care.incidents.rows import every_exposure, every_hotline, every_line, every_report
from xinqiao.care.incidents.selectors.drafting import DraftRow, draft_rows, draft_story
from xinqiao.care.incidents.selectors.hotline import holes_of
from xinqiao.care.incidents.selectors.incidents import ReportGap, gap_of
from xinqiao.care.incidents.selectors.joint import JointPage, joints_of
from xinqiao.care.incidents.selectors.opinion import OpinionRow, opinion_rows, opinion_story
from xinqiao.care.incidents.selectors.story import Told, story_of
from xinqiao.care.incidents.states import By, CareState, HotlineState, How, IncidentState, LineKind, LineState
from xinqiao.care.incidents.wording import name_in, refusal_words
from xinqiao.engines.schedule import minutes_left
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.orgs.selectors import units_by_id


@dataclass(frozen=True)
class LineRow:
    """One line; `minutes_left` while it waits, `note` what came of it."""

    id: UUID
    title: str
    asked: str
    owner: str
    state: str
    state_label: str
    due_at: dt.datetime
    minutes_left: int | None
    done_at: dt.datetime | None
    by: str
    note: str

    @property
    def is_waiting(self) -> bool:
        """Is it still to be done?"""
        return self.state == LineState.WAITING

    @property
    def is_late(self) -> bool:
        """Is it overdue?"""
        return self.minutes_left is not None and self.minutes_left < 0


@dataclass(frozen=True)
class ExposedRow:
    """One exposed pupil. `state_label` says what was found to those who read the queue, and to others only that it was
    done."""

    id: UUID
    name: str
    class_name: str
    how: str
    by: str
    state_label: str
    is_waiting: bool
    minutes_left: int | None

    @property
    def is_late(self) -> bool:
        """Is it overdue?"""
        return self.minutes_left is not None and self.minutes_left < 0


@dataclass(frozen=True)
class IncidentPage:
    """One incident as its page shows it; `obstacles` is why it cannot be closed yet, in words.

    Whoever leads and may not know the pupils by name (`may_name`) is told how many they are, and no more: `exposed` is
    empty.
    """

    incident: Incident
    kind: str
    school: str
    where: str
    what: str
    closing: str
    leader: str
    is_open: bool
    steps: Sequence[LineRow]
    asks: Sequence[LineRow]
    calls: Sequence[LineRow]
    review: LineRow | None
    actions: Sequence[LineRow]
    exposed: Sequence[ExposedRow]
    exposed_count: int
    cared_for: int
    may_name: bool
    reports: Sequence[ReportGap]
    opinions: Sequence[OpinionRow]
    drafts: Sequence[DraftRow]
    story: Sequence[Told]
    obstacles: Sequence[str]
    hotline: Hotline | None
    hotline_holes: int
    joints: Sequence[JointPage]

    @property
    def steps_done(self) -> int:
        """How many steps of the plan are settled."""
        return sum(not line.is_waiting for line in self.steps)

    @property
    def is_reviewed(self) -> bool:
        """Was the review held?"""
        return self.review is not None and self.review.state == LineState.DONE


def incident_page(actor: Actor, incident: Incident, at: dt.datetime) -> IncidentPage:
    """Return an incident that was fetched for the actor; reading it is an audit event."""
    lines = list(every_line().filter(incident=incident).order_by("kind", "position", "began_at", "id"))
    may_name = actor.can(Permission.INCIDENT_EXPOSED, incident.place)
    exposed = list(every_exposure().filter(incident=incident).select_related("student").order_by("due_at", "id"))
    note_reading(
        actor, "incidents.incident.read", subject_kind="incident", subject_id=incident.id, place=incident.place,
        county_id=incident.county_id,
        facts={"count": len(exposed) if may_name else 0,
               "ids": [str(each.student_id) for each in exposed] if may_name else []},
    )  # fmt: skip
    rows = line_rows(lines, at)
    of = {kind: [row for line, row in zip(lines, rows, strict=True) if line.kind == kind] for kind in LineKind}
    said = open_sealed([incident], "where", "what", "closing")[0]
    is_open = incident.state == IncidentState.OPEN
    opinions, drafts = opinion_rows(incident, at), draft_rows(incident)
    more = [*opinion_story(opinions), *draft_story(drafts)]
    hotline = every_hotline().filter(incident=incident, state=HotlineState.OPEN).first()
    reports = list(every_report().filter(incident=incident).order_by("position"))
    return IncidentPage(
        incident=incident, kind=name_in(incident.names),
        school=getattr(units_by_id([incident.school_id]).get(incident.school_id), "name", ""),
        where=said["where"] or "", what=said["what"] or "", closing=said["closing"] or "",
        leader=staff_names([incident.leader]).get(incident.leader, ""), is_open=is_open,
        steps=of[LineKind.STEP], asks=of[LineKind.ASK], calls=of[LineKind.CALL],
        review=next(iter(of[LineKind.REVIEW]), None), actions=of[LineKind.ACTION],
        exposed=_exposed_rows(actor, incident, exposed, at) if may_name else [], exposed_count=len(exposed),
        cared_for=sum(each.state != CareState.WAITING for each in exposed), may_name=may_name,
        reports=[gap_of(each, at) for each in reports],
        opinions=opinions, drafts=drafts, story=story_of(incident, lines, reports, len(exposed), more),
        hotline=hotline, hotline_holes=len(holes_of(hotline, at)) if hotline else 0, joints=joints_of(incident, at),
        obstacles=[refusal_words(code) for code in rules.obstacles_to_close(end_facts(incident))] if is_open else [],
    )  # fmt: skip


def line_row(actor: Actor, line: IncidentLine, at: dt.datetime) -> LineRow:
    """Return one line that was fetched for the actor; its words may speak of a pupil, so reading it is an event."""
    note_reading(
        actor, "incidents.line.read", subject_kind="incident", subject_id=line.incident_id, place=line.place,
        county_id=line.county_id, facts={"what": line.kind},
    )  # fmt: skip
    return line_rows([line], at)[0]


def line_rows(lines: Sequence[IncidentLine], at: dt.datetime) -> list[LineRow]:
    """Return lines of incidents that were fetched for the reader; a fixed number of queries for any number."""
    names = staff_names([each for line in lines for each in (line.owner, line.settled_by) if each])
    opened = open_sealed(list(lines), "asked", "people", "words")
    return [_line(line, said, names, at) for line, said in zip(lines, opened, strict=True)]


def _line(
    line: IncidentLine, said: Mapping[str, str | None], names: Mapping[UUID, str], at: dt.datetime
) -> LineRow:  # fmt: skip
    is_waiting = line.state == LineState.WAITING
    return LineRow(
        id=line.id, title=name_in(line.names) or str(LineKind(line.kind).label), asked=said["asked"] or "",
        owner=names.get(line.owner, "") if line.owner else "", state=line.state,
        state_label=str(LineState(line.state).label), due_at=line.due_at,
        minutes_left=minutes_left(line.due_at, at) if is_waiting else None, done_at=line.done_at or line.settled_at,
        by=names.get(line.settled_by, "") if line.settled_by else "",
        note=" · ".join(text for text in (said["people"], said["words"]) if text),
    )  # fmt: skip


def _exposed_rows(
    actor: Actor, incident: Incident, rows: Sequence[Exposure], at: dt.datetime
) -> list[ExposedRow]:  # fmt: skip
    students = [row.student for row in rows]
    names, classes = names_of(students), class_names({each.place for each in students}, today())
    is_told = actor.can(Permission.QUEUE_VIEW, incident.place)
    found = [
        ExposedRow(
            id=row.id, name=names[row.student_id], class_name=classes.get(row.student.place, ""),
            how=str(How(row.how).label), by=str(By(row.by).label), state_label=_care_label(row.state, is_told=is_told),
            is_waiting=row.state == CareState.WAITING,
            minutes_left=minutes_left(row.due_at, at) if row.state == CareState.WAITING else None,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: (not row.is_waiting, row.class_name))


def _care_label(state: str, *, is_told: bool) -> str:
    if is_told or state in (CareState.WAITING, CareState.WAIVED):
        return str(CareState(state).label)
    return str(LineState.DONE.label)
