"""Warnings of the ladder: what class teachers, keepers, heads of grades see; and what the bureau sees of a school."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from xinqiao.care.alerts.models import LevelWarning, Signal
from xinqiao.care.alerts.selectors.attention import levels_of
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.alerts.states import Sees, SignalState, Urgency
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.places import covers
from xinqiao.register.orgs.selectors import units_by_path

KEPT_DAYS = 30


@dataclass(frozen=True)
class WarningRow:
    """One warning of the actor's own. `level` and `advice` are a person's words after a talk, and only where the ladder
    lets this level see them. Nothing says why."""

    signal_id: UUID
    student_id: UUID
    name: str
    class_name: str
    state: str
    level: str
    advice: str
    created_at: dt.datetime
    acknowledged_at: dt.datetime | None
    must_acknowledge: bool

    @property
    def is_waiting(self) -> bool:
        """Does it still ask for something of the reader?"""
        return self.acknowledged_at is None and self.state != SignalState.CLOSED


@dataclass(frozen=True)
class BeyondRow:
    """A school that has not taken a warning: which, how urgent, for how long. No word about the pupil."""

    id: UUID
    school: str
    urgency: str
    minutes: int
    is_taken: bool
    called_at: dt.datetime
    acknowledged_at: dt.datetime | None


def _own(actor: Actor, permission: Permission) -> QuerySet[LevelWarning]:
    rows: QuerySet[LevelWarning] = LevelWarning.objects.visible_to(actor, permission)
    return rows.filter(staff_id=actor.person_id).select_related("signal__student")


def _is_theirs(row: LevelWarning) -> bool:
    """Is the pupil still of the unit for which the person was named? A keeper keeps the school's boarders."""
    student = row.signal.student
    if row.role == "dorm_keeper":
        return row.named_at.startswith(student.school_place)
    return covers(row.named_at, student.place)


def find_warning(actor: Actor, signal_id: UUID) -> LevelWarning | None:
    """Return the actor's own warning of a signal; None where there is none (any more)."""
    row = _own(actor, Permission.WARNING_VIEW).exclude(sees=Sees.BEYOND).filter(signal_id=signal_id).first()
    return row if row is not None and _is_theirs(row) else None


def find_beyond(actor: Actor, warning_id: UUID) -> LevelWarning | None:
    """Return the actor's own word about a school that has not taken a warning."""
    return _own(actor, Permission.WARNING_BEYOND).filter(sees=Sees.BEYOND, pk=warning_id).first()


def my_warnings(actor: Actor, now: dt.datetime) -> list[WarningRow]:
    """Return the actor's own warnings: unsettled ones first, then those of the last 30 days; one event of reading."""
    rows = _own(actor, Permission.WARNING_VIEW).exclude(sees=Sees.BEYOND).order_by("-created_at")
    since = now - dt.timedelta(days=KEPT_DAYS)
    kept = [row for row in rows if _is_theirs(row) and (_is_open(row.signal) or row.created_at >= since)]
    found = warning_rows(kept, now)
    if found:
        note_reading(
            actor, "alerts.warning.read", subject_kind="students", place=kept[0].place, county_id=kept[0].county_id,
            facts={"count": len(found), "ids": [str(row.student_id) for row in found]},
        )  # fmt: skip
    return sorted(found, key=lambda row: (not row.is_waiting, row.state == SignalState.CLOSED))


def warning_rows(warnings: Sequence[LevelWarning], now: dt.datetime) -> list[WarningRow]:
    """Return warnings that were fetched for the actor, names opened; the number of queries is that of one."""
    students = list({row.signal.student_id: row.signal.student for row in warnings}.values())
    names = names_of(students)
    classes = class_names({student.place for student in students}, timezone.localtime(now).date())
    said = levels_of({row.signal.student_id for row in warnings if row.sees == Sees.LEVEL_AND_ADVICE})
    return [
        WarningRow(
            signal_id=row.signal_id, student_id=row.signal.student_id, name=names[row.signal.student_id],
            class_name=classes.get(row.signal.student.place, ""), state=row.signal.state,
            level=said.get(row.signal.student_id, ("", ""))[0] if row.sees == Sees.LEVEL_AND_ADVICE else "",
            advice=said.get(row.signal.student_id, ("", ""))[1] if row.sees == Sees.LEVEL_AND_ADVICE else "",
            created_at=row.created_at, acknowledged_at=row.acknowledged_at, must_acknowledge=row.must_acknowledge,
        )
        for row in warnings
    ]  # fmt: skip


def _is_open(signal: Signal) -> bool:
    return signal.state != SignalState.CLOSED


def beyond_rows(actor: Actor, now: dt.datetime) -> list[BeyondRow]:
    """Return the schools of the actor that have not taken a warning, and those of the last 30 days that have since."""
    since = now - dt.timedelta(days=KEPT_DAYS)
    rows = list(
        _own(actor, Permission.WARNING_BEYOND).filter(sees=Sees.BEYOND, called_at__gte=since).order_by("-called_at")
    )
    schools = units_by_path({row.signal.student.school_place for row in rows})
    if rows:
        note_reading(
            actor, "alerts.beyond.read", place=rows[0].place, county_id=rows[0].county_id, facts={"count": len(rows)}
        )
    found = [_beyond(row, schools[row.signal.student.school_place].name, now) for row in rows]
    return sorted(found, key=lambda row: row.is_taken)


def _beyond(row: LevelWarning, school: str, now: dt.datetime) -> BeyondRow:
    signal = row.signal
    until = signal.acknowledged_at or signal.closed_at or now
    return BeyondRow(
        id=row.id, school=school, urgency=Urgency(signal.urgency).value, is_taken=signal.state != SignalState.OPEN,
        minutes=int((until - signal.raised_at).total_seconds() // 60), called_at=row.called_at,
        acknowledged_at=row.acknowledged_at,
    )  # fmt: skip
