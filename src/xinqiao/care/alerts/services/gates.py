"""The second gate: a signal is led to it, passes it, or is found clear; nothing here closes one. Private bodies."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.gatekeeping import gate_planned_for
from xinqiao.care.alerts.models import Signal
from xinqiao.care.alerts.rows import every_signal
from xinqiao.care.alerts.rules import CRIES, may_wait_at_gate
from xinqiao.care.alerts.services.guardians import start_guardian_clock
from xinqiao.care.alerts.services.signal_clocks import start_signal_clock
from xinqiao.care.alerts.states import AT_GATE, URGENCY_ORDER, GateState, SignalState, Urgency, gate_sources_of
from xinqiao.foundation.audit.recording import record
from xinqiao.register.deadlines.kinds import ACKNOWLEDGE, GATE, SEEN
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for


def gate_for(signal: Signal) -> str:
    """Return the gate at which a new signal waits, "" for one that goes straight to the interview."""
    others = every_signal().filter(student_id=signal.student_id).exclude(pk=signal.pk)
    open_ones = set(others.exclude(state=SignalState.CLOSED).values_list("source", flat=True))
    same_sitting = set(others.filter(origin_id=signal.origin_id).values_list("source", flat=True))
    is_allowed = may_wait_at_gate(
        source=signal.source, urgency=signal.urgency, sources_of_the_pupil=frozenset(open_ones | same_sitting)
    )
    return gate_planned_for(signal) if is_allowed and signal.state == SignalState.OPEN else ""


def lead_to_gate(signal: Signal, gate: str, parameters: Parameters) -> None:
    """Let a new signal wait at a gate, under the gate's own clock."""
    changes = {"gate": gate, "gate_state": GateState.WAITING, "gate_at": signal.raised_at}
    every_signal().filter(pk=signal.pk).update(**changes)
    for name, value in changes.items():
        setattr(signal, name, value)
    start_signal_clock(GATE, signal, parameters, signal.raised_at)


def pass_gate(signal: Signal, *, at: dt.datetime, by: UUID | None, urgency: str = "", is_taken: bool = False) -> bool:
    """Let a signal through to the full interview: the gate's clock ends, the usual ones begin now. False if it is not
    at the gate.

    `urgency` may raise it, never lower it; `is_taken` says that whoever lets it through has the child with them.
    """
    raised = min(urgency or signal.urgency, signal.urgency, key=lambda each: URGENCY_ORDER[Urgency(each)])
    if not _move(signal, GateState.PASSED, at, urgency=raised):
        return False
    signal.urgency = raised
    meet_deadline(GATE, signal.id, at=at, by=by)
    parameters = parameters_for(signal.place, timezone.localtime(at).date())
    for kind in (SEEN,) if is_taken else (ACKNOWLEDGE, SEEN):
        start_signal_clock(kind, signal, parameters, at)
    start_guardian_clock(signal, parameters, urgency=raised, at=at)
    _record(signal)
    return True


def clear_at_gate(signal: Signal, *, at: dt.datetime) -> bool:
    """Note that a second paper raised no flag. The signal stays open, its clock runs on: only a person closes it."""
    if not _move(signal, GateState.CLEARED, at):
        return False
    _record(signal)
    return True


def release_from_gate(cry: Signal, *, at: dt.datetime) -> int:
    """Let whatever waits of a pupil through because the pupil cried for help since; return how many signals."""
    if cry.source not in CRIES and cry.urgency != Urgency.RED:
        return 0
    waiting = every_signal().filter(student_id=cry.student_id, gate_state__in=AT_GATE).exclude(pk=cry.pk)
    rows = list(waiting.exclude(state=SignalState.CLOSED))
    return sum(pass_gate(row, at=at, by=None, is_taken=True) for row in rows)


def end_gate_clocks(signals: Sequence[Signal], *, at: dt.datetime, by: UUID | None) -> None:
    """A talk was held about signals: their gate's clock has what it waited for."""
    for each in signals:
        meet_deadline(GATE, each.id, at=at, by=by)


def leave_gate_for_talk(signal: Signal, *, at: dt.datetime) -> None:
    """A full talk was held and is undecided: the gate is behind the signal, the clock of the decision runs instead."""
    if _move(signal, GateState.PASSED, at):
        cancel_deadlines(signal.id, at=at, reason="talked_to", kind=GATE)
        _record(signal)


def _move(signal: Signal, target: GateState, at: dt.datetime, **changes: str) -> bool:
    rows = every_signal().filter(pk=signal.pk, gate_state__in=gate_sources_of(target))
    if not rows.exclude(state=SignalState.CLOSED).update(gate_state=target.value, gate_at=at, **changes):
        return False
    signal.gate_state, signal.gate_at = target.value, at
    return True


def _record(signal: Signal) -> None:
    """Record that a signal moved, the same whichever way: the event stands beside the pupil's id."""
    record("alerts.gate.moved", subject_kind="student", subject_id=signal.student_id, place=signal.place,
           county_id=signal.county_id, facts={"signal": str(signal.id)})  # fmt: skip
