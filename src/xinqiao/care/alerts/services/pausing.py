"""Letting a clock of a signal stand still, and go on."""

from django.db.models import QuerySet

from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.rules import refusal_to_pause
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.deadlines.models import ClockPause, Deadline
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.deadlines.services.pausing import pause_clock, resume_clock


class CannotPause(ValueError):
    """The clock does not stand still; `code` as in `rules.refusal_to_pause`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _clocks(signal: Signal, kind: str) -> QuerySet[Deadline]:
    return open_clocks().filter(subject_kind="signal", subject_id=signal.id, kind=kind)


@command(Permission.CLOCK_PAUSE)
def pause_signal_clock(signal: Signal, *, actor: Actor, kind: str, reason: str, note: str) -> ClockPause:
    """Let one clock of a signal stand still, for a reason. A red one needs the principal. Raises CannotPause."""
    at, clock = now(), _clocks(signal, kind).filter(paused_at__isnull=True).first()
    code = refusal_to_pause(
        kind=kind, is_running=clock is not None, is_red=clock is not None and clock.urgency == "red",
        may_pause_red=actor.can(Permission.CLOCK_PAUSE_RED, signal.place), reason=reason, note=note,
    )  # fmt: skip
    if code or clock is None:
        raise CannotPause(code or "not_running")
    by = actor.person_id
    pause = pause_clock(clock, at=at, by=by, reason=reason, note=note, key_id=signal.key_id)
    if pause is None:
        raise CannotPause("not_running")
    _record("alerts.clock.paused", signal, {"kind": kind, "urgency": clock.urgency})
    return pause


@command(Permission.CLOCK_PAUSE)
def resume_signal_clock(signal: Signal, *, actor: Actor, kind: str) -> Deadline | Unchanged:
    """Let a clock go on with what it had left."""
    clock = _clocks(signal, kind).filter(paused_at__isnull=False).first()
    due = resume_clock(clock, at=now(), by=actor.staff_id) if clock else None
    if clock is None or due is None:
        return Unchanged("not_paused")
    clock.due_at = due
    _record("alerts.clock.resumed", signal, {"kind": kind, "urgency": clock.urgency})
    return clock


def _record(event: str, signal: Signal, facts: dict[str, str]) -> None:
    record(
        event, subject_kind="student", subject_id=signal.student_id, place=signal.place, county_id=signal.county_id,
        facts={"signal": str(signal.id), **facts},
    )  # fmt: skip
