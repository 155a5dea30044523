"""Every row that the proof looks at, read once and held as plain values."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils import timezone

from xinqiao.care.alerts.models import Attention, Interview, Notice, Signal
from xinqiao.care.counselling.models import Course
from xinqiao.care.crisis.limbo.days import Days
from xinqiao.care.crisis.limbo.rooms import rows_of_rooms
from xinqiao.care.crisis.models import CarePlan, Case, Leave, Referral, Watch
from xinqiao.care.incidents.models import (
    Exposure,
    Incident,
    IncidentLine,
    IncidentReport,
    MessageDraft,
    OpinionItem,
)
from xinqiao.care.rounds.models import RoundList
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.notifications.models import Channel, OutboxMessage
from xinqiao.register.deadlines.models import ClockMoment, Deadline
from xinqiao.register.orgs.models import CalendarDay
from xinqiao.register.people.models import Staff, Student

_REASON = "proof that nothing waits unseen; nobody is named"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Raw:
    """Rows as dictionaries of columns, by id where something looks them up. `now` is the moment of the proof.

    `running` are the running clocks by subject and kind, `climbs` the audit's events of climbing by the subject of the
    clock, `told_of_climbs` of telling by signal, `told_in_incidents` by
    incident, `skips` the rungs passed over and `climbed` those reached, by clock. `others` are rows of apps
    above, by the subject kind of their clocks.
    """

    now: dt.datetime
    days: Days
    signals: Mapping[UUID, Row]
    clocks: Sequence[Row]
    notices: Mapping[UUID, list[Row]]
    messages: Mapping[UUID, list[Row]]
    attentions: Mapping[UUID, Row]
    interviews: Mapping[UUID, list[Row]]
    cases: Mapping[UUID, Row]
    lists: Mapping[UUID, Row]
    running: Mapping[UUID, Mapping[str, Row]]
    watches: Mapping[UUID, Row]
    plans: Mapping[UUID, Row]
    referrals: Mapping[UUID, Row]
    leaves: Mapping[UUID, Row]
    incidents: Mapping[UUID, Row]
    incident_lines: Mapping[UUID, Row]
    exposures: Mapping[UUID, Row]
    incident_reports: Mapping[UUID, Row]
    opinion_items: Mapping[UUID, Row]
    message_drafts: Mapping[UUID, Row]
    students: Mapping[UUID, Row]
    staff_at_work: frozenset[UUID]
    climbs: Mapping[UUID, list[Row]]
    told_of_climbs: Mapping[UUID, list[Row]]
    told_in_incidents: Mapping[UUID, list[Row]]
    skips: Mapping[UUID, list[Row]]
    climbed: Mapping[UUID, list[Row]]
    courses: Mapping[UUID, Row]
    others: Mapping[str, Mapping[UUID, Row]]


def read_all(now: dt.datetime) -> Raw:
    """Read everything the proof needs, in a fixed number of queries."""
    students = _rows(Student, "id", "place", "school_place", "status")
    clocks, moments = _rows(Deadline), _rows(ClockMoment)
    return Raw(
        now=now,
        days=Days(ZoneInfo(timezone.get_default_timezone_name()), _changed_days()),
        signals=_by_id(_rows(Signal)),
        clocks=clocks,
        notices=_grouped(_rows(Notice), "signal_id"),
        messages=_grouped(_messages(), "about_id"),
        attentions=_by_id(_rows(Attention)),
        interviews=_grouped(_rows(Interview, "id", "signal_id", "is_face_to_face", "outcome", "kind"), "signal_id"),
        cases=_by_id(_rows(Case)),
        lists=_by_id(_rows(RoundList, "id", "state", "place")),
        running=_running(clocks),
        watches=_by_id(_rows(Watch)),
        plans=_by_id(_rows(CarePlan)),
        referrals=_by_id(_rows(Referral)),
        leaves=_by_id(_rows(Leave)),
        incidents=_by_id(_rows(Incident)),
        incident_lines=_by_id(_rows(IncidentLine)),
        exposures=_by_id(_rows(Exposure)),
        incident_reports=_by_id(_rows(IncidentReport)),
        opinion_items=_by_id(_rows(OpinionItem)),
        message_drafts=_by_id(_rows(MessageDraft, "id", "incident_id", "state")),
        students=_by_id(students),
        staff_at_work=frozenset(row["id"] for row in _rows(Staff, "id", "left_on") if row["left_on"] is None),
        climbs=events_by("deadlines.clock.climbed", "subject_id"),
        told_of_climbs=events_by("alerts.signal.climbed", "signal"),
        told_in_incidents=events_by("incidents.overdue.told", "subject_id"),
        skips=_grouped([row for row in moments if row["what"] == "skipped"], "deadline_id"),
        climbed=_grouped([row for row in moments if row["what"] == "climbed"], "deadline_id"),
        courses=_by_id(_rows(Course)),
        others=rows_of_rooms(),
    )


def _messages() -> list[Row]:
    """Messages that may leave: a row for somebody whom no channel reaches is none."""
    rows = _rows(OutboxMessage, "id", "about_id", "channel", "status", "created_at", "next_try_at")
    return [row for row in rows if row["channel"] != Channel.NONE]


def _rows(model: type[Model], *names: str) -> list[Row]:
    """Sealed columns are left out: the proof opens nothing."""
    sealed = {field.name for field in model._meta.concrete_fields if type(field).__name__ == "SealedField"}
    wanted = names or [field.attname for field in model._meta.concrete_fields if field.name not in sealed]
    manager: Any = model._default_manager  # noqa: SLF001 - every model has one
    return list(manager.for_system(reason=_REASON).values(*wanted).order_by("pk"))


def _by_id(rows: Sequence[Row]) -> dict[UUID, Row]:
    return {row["id"]: row for row in rows}


def _running(clocks: Sequence[Row]) -> dict[UUID, dict[str, Row]]:
    found: dict[UUID, dict[str, Row]] = defaultdict(dict)
    for clock in clocks:
        if clock["met_at"] is None and clock["cancelled_at"] is None:
            found[clock["subject_id"]][clock["kind"]] = clock
    return found


def _grouped(rows: Sequence[Row], key: str) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def events_by(event: str, key: str) -> dict[UUID, list[Row]]:
    """Events in order of time, their facts beside their columns."""
    found: dict[UUID, list[Row]] = defaultdict(list)
    rows = AuditEvent.objects.filter(event=event).order_by("at", "id").values("at", "subject_id", "facts")
    for row in rows.iterator():
        facts = json.loads(row["facts"])
        subject = row["subject_id"] if key == "subject_id" else UUID(facts[key])
        if subject is not None:
            found[subject].append({**facts, "at": row["at"]})
    return found


def _changed_days() -> dict[str, dict[dt.date, bool]]:
    found: dict[str, dict[dt.date, bool]] = defaultdict(dict)
    for path, day, is_school_day in CalendarDay.objects.values_list("unit__path", "day", "is_school_day"):
        found[path][day] = is_school_day
    return found
