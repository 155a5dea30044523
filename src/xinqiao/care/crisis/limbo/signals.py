"""Signals: each is told of, each has a clock, each end has its reason."""

from collections.abc import Iterator
from uuid import UUID

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.raw import Raw, Row

CLOCKS_OF = {"open": ("acknowledge", "seen"), "acknowledged": ("seen", "decide")}


def told(raw: Raw, allowance: Allowance) -> Iterator[Fault]:
    """Every signal was told of in time, to somebody."""
    for signal in raw.signals.values():
        told_at = signal["told_at"]
        if (told_at or raw.now) > signal["raised_at"] + allowance.late:
            yield _fault("signal_told_late" if told_at else "signal_untold", signal)
        if told_at and not raw.notices.get(signal["id"]) and not raw.messages.get(signal["id"]):
            yield _fault("notice_never_written", signal)


def clocked(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every signal that is not settled has a running clock of the kind its state asks for."""
    for signal in raw.signals.values():
        if signal["state"] == "closed" or signal["told_at"] is None:
            continue
        at_gate = signal["gate_state"] in ("waiting", "cleared")
        wanted = ("gate",) if at_gate else CLOCKS_OF[signal["state"]]
        lead = _lead_of(raw, signal)
        own = raw.running[signal["id"]].keys() | (raw.running[lead].keys() if lead else set())
        if not own & set(wanted):
            yield _fault("signal_without_clock", signal, "/".join(wanted))


def _lead_of(raw: Raw, signal: Row) -> UUID | None:
    """The open signal of the same pupil whose clock runs for this one, too."""
    lead = raw.signals.get(signal["joined_to_id"]) if signal["joined_to_id"] else None
    is_lead = lead is not None and lead["state"] != "closed" and lead["student_id"] == signal["student_id"]
    return signal["joined_to_id"] if is_lead else None


def ended(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """A settled signal says what came of it, and calls on nobody any more; a red one was seen face to face."""
    for signal in raw.signals.values():
        if signal["state"] != "closed":
            continue
        talks = raw.interviews.get(signal["id"], ())
        if not signal["outcome"] or signal["closed_at"] is None:
            yield _fault("signal_closed_without_reason", signal)
        if any(notice["ended_at"] is None for notice in raw.notices.get(signal["id"], ())):
            yield _fault("notice_calls_after_the_end", signal)
        is_talked = any(talk["is_face_to_face"] for talk in talks) or not talks
        if signal["urgency"] == "red" and signal["outcome"] != "known" and not is_talked:
            yield _fault("red_closed_unseen", signal)


def placed(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """An open signal is about a pupil who is there."""
    for signal in raw.signals.values():
        if signal["state"] != "closed" and signal["student_id"] not in raw.students:
            yield _fault("signal_without_pupil", signal)


def cared_for(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Who was found to need continued care has a case."""
    in_care = {case["student_id"] for case in raw.cases.values()}
    for signal in raw.signals.values():
        if signal["outcome"] == "case" and signal["student_id"] not in in_care:
            yield _fault("case_never_opened", signal)


def _fault(code: str, signal: Row, words: str = "") -> Fault:
    return Fault(code, "signal", signal["id"], words)
