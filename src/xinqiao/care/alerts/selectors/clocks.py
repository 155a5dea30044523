"""The clocks of one signal: every minute of them, and which of them may stand still."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from xinqiao.care.alerts.models import GuardianTold, Signal
from xinqiao.care.alerts.rules import PAUSABLE
from xinqiao.care.alerts.states import ToldBy
from xinqiao.care.alerts.wording import clock_words, detail_words, entry_words, role_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.deadlines.history import ClockEntry, clock_history
from xinqiao.register.deadlines.selectors import running_clocks
from xinqiao.register.people.selectors.students import guardians_of


@dataclass(frozen=True)
class HistoryLine:
    """One minute of a clock in words. `note` is empty for those who may not read what was written."""

    at: dt.datetime
    clock: str
    what: str
    who: str
    why: str
    note: str
    tone: str


@dataclass(frozen=True)
class PausableClock:
    """A running clock that may stand still, or does."""

    kind: str
    waits_for: str
    due_at: dt.datetime
    minutes_left: int
    is_paused: bool
    is_red: bool


@dataclass(frozen=True)
class GuardianLine:
    """A guardian was told, or was not. Words and names are empty for those who do not talk to the pupil."""

    at: dt.datetime
    way: str
    who: str
    by: str
    words: str
    is_advised: bool


def history_lines(actor: Actor, signal: Signal, now: dt.datetime) -> list[HistoryLine]:
    """Return every minute of a signal's clocks, in order; reading it is an audit event."""
    entries = clock_history(signal.id, now)
    ids = {i for e in entries for i in (e.by, *(staff_id for staff_id, _word in e.people)) if i}
    names = staff_names(list(ids))
    may_read = actor.can(Permission.INTERVIEW_WRITE, signal.student.place)
    note_reading(
        actor, "alerts.clocks.read", subject_kind="student", subject_id=signal.student_id, place=signal.student.place,
        county_id=signal.county_id, facts={"signal": str(signal.id), "count": len(entries)},
    )  # fmt: skip
    return [_line(entry, names, may_read=may_read) for entry in entries]


def _line(entry: ClockEntry, names: dict[UUID, str], *, may_read: bool) -> HistoryLine:
    words = _("{name} ({role})")
    told = [words.format(name=names.get(staff_id, ""), role=role_words(word)) for staff_id, word in entry.people]
    tones = {"due": "red", "climbed": "orange", "met": "" if entry.is_late else "green"}
    return HistoryLine(
        entry.at, clock_words(entry.kind), entry_words(entry), who=" · ".join(told) or _name(names, entry.by),
        why=detail_words(entry), note=entry.note if may_read else "", tone=tones.get(entry.what, ""),
    )  # fmt: skip


def _name(names: dict[UUID, str], staff_id: UUID | None) -> str:
    return names.get(staff_id, "") if staff_id else ""


def pausable_clocks(signal: Signal, now: dt.datetime) -> list[PausableClock]:
    """Return the running clocks of a signal that may stand still."""
    return [
        PausableClock(
            row.kind, clock_words(row.kind), row.due_at, row.minutes_left, row.is_paused, is_red=row.urgency == "red"
        )
        for row in running_clocks([signal.id], now).get(signal.id, [])
        if row.kind in PAUSABLE
    ]


def guardian_lines(actor: Actor, signal: Signal) -> list[GuardianLine]:
    """Return who of the family was told because of a signal, the latest first."""
    rows = list(
        GuardianTold.objects.visible_to(actor, Permission.NOTICE_VIEW).filter(signal=signal).order_by("-told_at")
    )
    may_read = actor.can(Permission.INTERVIEW_WRITE, signal.student.place)
    opened = open_sealed(rows, "words", "advised") if may_read else [{"words": "", "advised": ""} for _row in rows]
    names = staff_names([row.recorded_by for row in rows])
    guardians = {row.guardian_id: row.name for row in guardians_of(signal.student)} if may_read and rows else {}
    return [
        GuardianLine(
            row.told_at, str(ToldBy(row.way).label), guardians.get(row.guardian_id, "") if row.guardian_id else "",
            names.get(row.recorded_by, ""), text["words"] or "", is_advised=bool(text["advised"]),
        )
        for row, text in zip(rows, opened, strict=True)
    ]  # fmt: skip
