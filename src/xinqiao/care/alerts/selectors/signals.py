"""One signal on one page, as much of it as the actor may see."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.models import Attention, LevelWarning, Notice, Signal
from xinqiao.care.alerts.rows import every_warning
from xinqiao.care.alerts.selectors.clocks import GuardianLine, guardian_lines
from xinqiao.care.alerts.selectors.people import class_names, names_of
from xinqiao.care.alerts.selectors.queue import reasons_by_signal
from xinqiao.care.alerts.states import AT_GATE, GateState, Outcome, SignalState
from xinqiao.care.alerts.wording import clock_words, role_words
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.notifications.outbox import troubles_about
from xinqiao.foundation.notifications.wording import channel_words, error_words
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.deadlines.kinds import GUARDIAN
from xinqiao.register.deadlines.selectors import running_clocks


@dataclass(frozen=True)
class ClockLine:
    """A running clock in words."""

    waits_for: str
    due_at: dt.datetime
    minutes_left: int
    rung: int
    is_paused: bool = False


@dataclass(frozen=True)
class ToldLine:
    """One person who was told."""

    name: str
    role: str
    rung: int
    created_at: dt.datetime
    shown_at: dt.datetime | None
    acknowledged_at: dt.datetime | None


@dataclass(frozen=True)
class TroubleLine:
    """A message that did not leave."""

    channel: str
    error: str
    tries: int
    is_final: bool


@dataclass(frozen=True)
class SignalPage:
    """Everything the page of a signal shows. `reasons` and `level` are empty for those who may not know them."""

    id: UUID
    student_id: UUID
    name: str
    class_name: str
    urgency: str
    state: str
    state_label: str
    outcome_label: str
    raised_at: dt.datetime
    acknowledged_at: dt.datetime | None
    acknowledged_by: str
    closed_at: dt.datetime | None
    closed_by: str
    reasons: tuple[str, ...]
    level: str
    clocks: tuple[ClockLine, ...]
    told: tuple[ToldLine, ...]
    troubles: tuple[TroubleLine, ...]
    gate_label: str
    is_at_gate: bool
    is_calling_me: bool
    may_interview: bool
    guardians: tuple[GuardianLine, ...] = ()
    is_guardian_due: bool = False

    @property
    def is_open(self) -> bool:
        """Does it still wait to be settled?"""
        return self.state != SignalState.CLOSED


def find_signal(actor: Actor, permission: Permission, signal_id: UUID) -> Signal | None:
    """Return a signal that the actor may reach by a permission, its pupil with it; None otherwise."""
    rows = Signal.objects.visible_to(actor, permission).select_related("student")
    found: Signal | None = rows.filter(pk=signal_id).first()
    return found


def open_signals_of(actor: Actor, student_id: UUID) -> list[Signal]:
    """Return a pupil's signals that are not closed, for one who may interview."""
    rows = Signal.objects.visible_to(actor, Permission.INTERVIEW_WRITE).filter(student_id=student_id)
    return list(rows.exclude(state=SignalState.CLOSED).select_related("student").order_by("raised_at"))


def signal_page(actor: Actor, signal: Signal, now: dt.datetime) -> SignalPage:
    """Return what one signal's page shows this actor; reading it is an audit event."""
    student, on = signal.student, timezone.localtime(now).date()
    notices = list(
        Notice.objects.visible_to(actor, Permission.NOTICE_VIEW).filter(signal=signal).order_by("created_at")
    )
    warnings = list(every_warning().filter(signal=signal).order_by("created_at"))
    told = [*notices, *warnings]
    ids = {i for i in (*(n.staff_id for n in told), signal.acknowledged_by, signal.closed_by) if i}
    names = staff_names(list(ids))
    may_interview = actor.can(Permission.INTERVIEW_WRITE, student.place)
    page = SignalPage(
        id=signal.id, student_id=student.id, name=names_of([student])[student.id],
        class_name=class_names([student.place], on).get(student.place, ""), urgency=signal.urgency,
        state=signal.state, state_label=str(SignalState(signal.state).label),
        outcome_label=str(Outcome(signal.outcome).label) if signal.outcome else "",
        raised_at=signal.raised_at, acknowledged_at=signal.acknowledged_at,
        acknowledged_by=_name(names, signal.acknowledged_by), closed_at=signal.closed_at,
        closed_by=_name(names, signal.closed_by),
        reasons=reasons_by_signal([signal], actor, is_whole=True)[signal.id] if may_interview else (),
        level=_level(actor, signal), clocks=_clocks(signal, now),
        told=tuple(_told(each, names) for each in told), troubles=_troubles(signal),
        gate_label=str(GateState(signal.gate_state).label) if signal.gate_state and may_interview else "",
        is_at_gate=signal.gate_state in AT_GATE and signal.state != SignalState.CLOSED,
        is_calling_me=any(n.staff_id == actor.staff_id and n.ended_at is None for n in notices),
        may_interview=may_interview, guardians=tuple(guardian_lines(actor, signal)),
        is_guardian_due=any(row.kind == GUARDIAN for row in running_clocks([signal.id], now).get(signal.id, [])),
    )  # fmt: skip
    note_signal_read(actor, signal, is_full=may_interview)
    return page


def note_signal_read(actor: Actor, signal: Signal, *, is_full: bool) -> None:
    """Leave the event of reading a signal; `is_full` says that its reasons were on the page."""
    note_reading(
        actor, "alerts.signal.read", subject_kind="student", subject_id=signal.student_id, place=signal.student.place,
        county_id=signal.county_id, facts={"signal": str(signal.id), "is_full": is_full},
    )  # fmt: skip


def _name(names: dict[UUID, str], staff_id: UUID | None) -> str:
    return names.get(staff_id, "") if staff_id else ""


def _level(actor: Actor, signal: Signal) -> str:
    rows = Attention.objects.visible_to(actor, Permission.ATTENTION_VIEW).filter(student_id=signal.student_id)
    return rows.filter(ended_at__isnull=True).values_list("level", flat=True).first() or "none"


def _clocks(signal: Signal, now: dt.datetime) -> tuple[ClockLine, ...]:
    rows = running_clocks([signal.id], now).get(signal.id, [])
    return tuple(
        ClockLine(clock_words(row.kind), row.due_at, row.minutes_left, row.rung, row.is_paused) for row in rows
    )


def _told(notice: Notice | LevelWarning, names: dict[UUID, str]) -> ToldLine:
    return ToldLine(
        name=names.get(notice.staff_id, ""), role=role_words(notice.role), rung=notice.rung,
        created_at=notice.created_at, shown_at=notice.shown_at, acknowledged_at=notice.acknowledged_at,
    )  # fmt: skip


def _troubles(signal: Signal) -> tuple[TroubleLine, ...]:
    """Each kind of failure once, however many people it concerns."""
    rows = troubles_about([signal.id]).get(signal.id, [])
    kinds = {(row.channel, row.error, row.is_final): 0 for row in rows}
    for row in rows:
        kinds[row.channel, row.error, row.is_final] = max(kinds[row.channel, row.error, row.is_final], row.tries)
    return tuple(
        TroubleLine(channel_words(channel), error_words(error), tries, is_final)
        for (channel, error, is_final), tries in kinds.items()
    )
