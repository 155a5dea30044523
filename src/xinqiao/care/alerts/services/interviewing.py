"""Writing down a talk with a pupil and what came of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from xinqiao.care.alerts.models import Interview, Signal
from xinqiao.care.alerts.rows import every_report
from xinqiao.care.alerts.rules import (
    ALREADY_CLOSED,
    refusal_after_paper,
    refusal_at_gate,
    refusal_of_level,
    refusal_of_time,
    refusal_to_close,
    refusal_without_talk,
)
from xinqiao.care.alerts.services.acknowledging import record_acknowledged, take_joined
from xinqiao.care.alerts.services.gates import end_gate_clocks, leave_gate_for_talk, pass_gate
from xinqiao.care.alerts.services.guardians import settle_guardian_clock
from xinqiao.care.alerts.services.joining import release_joined
from xinqiao.care.alerts.services.levels import Basis, write_attention
from xinqiao.care.alerts.services.moves import move_signal
from xinqiao.care.alerts.services.signal_clocks import start_signal_clock
from xinqiao.care.alerts.services.telling import call_again, end_notices
from xinqiao.care.alerts.settling import Settled, signals_settled
from xinqiao.care.alerts.states import AT_GATE, STAFF_SOURCES, GateState, SignalState, TalkKind, Urgency
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import command, record
from xinqiao.foundation.core.clock import now
from xinqiao.register.deadlines.kinds import ACKNOWLEDGE, DECIDE, GUARDIAN, SEEN
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline
from xinqiao.register.policy.selectors import parameters_for


class CannotRecord(ValueError):
    """The talk cannot be recorded so; `code` as in `rules`, and nothing was written."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Talk:
    """What was said, by whom it was held, and what comes of it.

    `asked_about_suicide`: yes, no or not_possible. `risk_found`: none, some, acute or unclear. `outcome` is a code of
    `states.Outcome`, "" while undecided; `level` one of `states.Level`, "" for none. `kind` is a code of
    `states.TalkKind`; of a short talk `asked` says about what, `standing` how the pupil is: steady, strained, unwell.
    """

    held_at: dt.datetime
    is_face_to_face: bool
    asked_about_suicide: str
    risk_found: str
    note: str
    outcome: str = ""
    level: str = ""
    advice: str = ""
    review_on: dt.date | None = None
    kind: str = TalkKind.FULL.value
    asked: tuple[str, ...] = ()
    standing: str = ""


@command(Permission.INTERVIEW_WRITE)
def record_interview(signal: Signal, *, actor: Actor, talk: Talk, also: Sequence[Signal] = ()) -> Interview:
    """Record a talk on a signal, settle it (and `also` other signals of the same pupil) if it was decided.

    Without an outcome the signal stays open and a clock runs until it is decided; nothing becomes of the others, whose
    clocks run on. Of a short talk at the second gate no outcome means that the full interview is needed. Raises
    CannotRecord; nothing is written then. Two people who settle the same signal at once: the later one is refused.
    """
    signals = [signal, *(each for each in also if each.pk != signal.pk and each.student_id == signal.student_id)]
    _refuse(signals, talk)
    interview = _write_interview(signal, talk, actor)
    _stop_clocks(_met_by(talk, signals), talk, actor, interview.recorded_at)
    record(
        "alerts.interview.recorded", subject_kind="student", subject_id=signal.student_id, place=signal.place,
        county_id=signal.county_id,
        facts={"interview": str(interview.id), "signal": str(signal.id), "outcome": talk.outcome or "undecided",
               "is_face_to_face": talk.is_face_to_face},
    )  # fmt: skip
    if talk.outcome:
        _settle(signals, talk, actor, interview)
    elif talk.kind == TalkKind.GATE:
        _let_through(signals, talk, actor, interview)
    else:
        _keep_open(signal, actor, interview)
    return interview


def _refuse(signals: Sequence[Signal], talk: Talk) -> None:
    at = now()
    refusals = [refusal_of_time(talk.held_at, min(each.raised_at for each in signals), at)]
    refusals += [ALREADY_CLOSED for each in signals if each.state == SignalState.CLOSED]
    if talk.kind == TalkKind.PAPER:
        refusals += [
            refusal_after_paper(is_cleared=each.gate_state == GateState.CLEARED, outcome=talk.outcome)
            for each in signals
        ]
    if talk.kind == TalkKind.ASKED:
        refusals += [
            refusal_without_talk(is_reported=_is_reported(each), urgency=each.urgency,
                                 outcome=talk.outcome, asked=talk.asked[0] if talk.asked else "", note=talk.note)
            for each in signals
        ]  # fmt: skip
    if talk.kind == TalkKind.GATE:
        refusals += [
            refusal_at_gate(
                is_at_gate=each.gate_state in AT_GATE, outcome=talk.outcome, risk_found=talk.risk_found,
                standing=talk.standing,
            )
            for each in signals
        ]  # fmt: skip
    if talk.outcome:
        refusals += [
            refusal_to_close(
                outcome=talk.outcome, is_red=each.urgency == Urgency.RED, is_face_to_face=talk.is_face_to_face,
                note=talk.note, risk_found=talk.risk_found,
            )
            for each in signals
        ]  # fmt: skip
        refusals.append(
            refusal_of_level(
                outcome=talk.outcome, level=talk.level, advice=talk.advice, review_on=talk.review_on,
                today=timezone.localtime(at).date(),
            )
        )  # fmt: skip
    code = next((refusal for refusal in refusals if refusal), None)
    if code:
        raise CannotRecord(code)


def _is_reported(signal: Signal) -> bool:
    return signal.source in STAFF_SOURCES and every_report().filter(signal_id=signal.pk).exists()


def _write_interview(signal: Signal, talk: Talk, actor: Actor) -> Interview:
    interview = Interview(
        county_id=signal.county_id, place=signal.place, student_id=signal.student_id, signal=signal,
        key_id=signal.key_id, held_at=talk.held_at, held_by=actor.person_id,
        is_face_to_face=talk.is_face_to_face, asked_about_suicide=talk.asked_about_suicide,
        risk_found=talk.risk_found, note=talk.note.strip(), outcome=talk.outcome, recorded_at=now(),
        kind=talk.kind, asked=",".join(talk.asked) or None, standing=talk.standing or None,
    )  # fmt: skip
    interview.save(force_insert=True)
    return interview


def _met_by(talk: Talk, signals: Sequence[Signal]) -> Sequence[Signal]:
    """Return the signals whose clocks a talk meets: all that it settles or lets through; undecided, its own alone."""
    return signals if talk.outcome or talk.kind == TalkKind.GATE else signals[:1]


def _stop_clocks(signals: Sequence[Signal], talk: Talk, actor: Actor, at: dt.datetime) -> None:
    """Whoever talks to the child has taken the signal; the child counts as seen only face to face."""
    if talk.outcome:
        end_gate_clocks(signals, at=at, by=actor.staff_id)
    for each in signals:
        meet_deadline(ACKNOWLEDGE, each.id, at=at, by=actor.staff_id)
        if talk.is_face_to_face or each.urgency != Urgency.RED:
            meet_deadline(SEEN, each.id, at=at, by=actor.staff_id)


def _settle(signals: Sequence[Signal], talk: Talk, actor: Actor, interview: Interview) -> None:
    at = interview.recorded_at
    for each in signals:
        changes = {"outcome": talk.outcome, "closed_at": at, "closed_by": actor.staff_id}
        if not move_signal(each, SignalState.CLOSED, **changes):
            raise CannotRecord(ALREADY_CLOSED)
        meet_deadline(DECIDE, each.id, at=at, by=actor.staff_id)
        end_notices([each], at=at)
        goes_on = each is signals[0] and settle_guardian_clock(each, outcome=talk.outcome, level=talk.level, at=at)
        kept = (GUARDIAN,) if goes_on else ()
        cancel_deadlines(each.id, at=at, reason=f"closed_{talk.outcome}", keep=kept)
        record(
            "alerts.signal.closed", subject_kind="student", subject_id=each.student_id, place=each.place,
            county_id=each.county_id, facts={"signal": str(each.id), "outcome": talk.outcome},
        )  # fmt: skip
    release_joined(signals, at=at)
    if talk.level:
        basis = Basis("interview", interview.id)
        write_attention(
            signals[0].student, actor=actor, level=talk.level, advice=talk.advice, basis=basis,
            review_on=talk.review_on,
        )  # fmt: skip
    signals_settled.send([
        Settled(
            student=signals[0].student, signal_ids=tuple(each.id for each in signals), interview_id=interview.id,
            outcome=talk.outcome, level=talk.level, by=actor.person_id, at=at,
        )
    ])  # fmt: skip


def _let_through(signals: Sequence[Signal], talk: Talk, actor: Actor, interview: Interview) -> None:
    """A short talk says that a full one is needed: the usual clock of it begins; acute danger makes it red."""
    at, urgency = interview.recorded_at, Urgency.RED.value if talk.risk_found == "acute" else ""
    for each in signals:
        if move_signal(each, SignalState.ACKNOWLEDGED, acknowledged_at=at, acknowledged_by=actor.staff_id):
            record_acknowledged(each, at)
        end_notices([each], at=at)
        pass_gate(each, at=at, by=actor.staff_id, urgency=urgency, is_taken=True)
        if urgency:
            call_again(each, at=at)


def _keep_open(signal: Signal, actor: Actor, interview: Interview) -> None:
    """An undecided talk leaves the signal acknowledged, with a clock on the decision."""
    at = interview.recorded_at
    if move_signal(signal, SignalState.ACKNOWLEDGED, acknowledged_at=at, acknowledged_by=actor.staff_id):
        record_acknowledged(signal, at)
    end_notices([signal], at=at)
    take_joined(signal, at=at, by=actor.staff_id)
    leave_gate_for_talk(signal, at=at)
    parameters = parameters_for(signal.place, timezone.localtime(at).date())
    start_signal_clock(DECIDE, signal, parameters, at)
