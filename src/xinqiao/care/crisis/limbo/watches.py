"""Pupils kept in view: each has a next look and a clock on it, somebody who leads, and an end only with a reason."""

from collections.abc import Iterator

from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.raw import Raw, Row

RUNNING = ("watching", "signalled")


def looked_after(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every watch that runs has a day of the next look, a clock that is due at the end of it, and a leader at work."""
    for watch in raw.watches.values():
        if watch["state"] not in RUNNING:
            continue
        clock = raw.running[watch["id"]].get("watch")
        if watch["look_on"] is None:
            yield _fault("watch_without_look", watch)
        elif clock is None:
            yield _fault("watch_without_clock", watch)
        elif clock["due_at"] != raw.days.last_minute(watch["look_on"]):
            yield _fault("watch_due_on_another_day", watch, str(clock["due_at"]))
        if watch["owner"] not in raw.staff_at_work:
            yield _fault("watch_led_by_nobody", watch)


def signalled(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """A watch waits for a talk exactly as long as a signal of the pupil is open."""
    open_ones = [signal for signal in raw.signals.values() if signal["state"] != "closed"]
    pupils = {signal["student_id"] for signal in open_ones}
    told = {signal["student_id"] for signal in open_ones if signal["told_at"] is not None}
    for watch in raw.watches.values():
        if watch["state"] == "signalled" and watch["student_id"] not in pupils:
            yield _fault("watch_waits_for_no_signal", watch)
        if watch["state"] == "watching" and watch["student_id"] in told:
            yield _fault("watch_missed_a_signal", watch)


def ended(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """A watch that ended says why and by whom; one that became a case has the case."""
    in_care = {case["student_id"] for case in raw.cases.values()}
    for watch in raw.watches.values():
        if watch["state"] == "ended" and not (watch["end_reason"] and watch["ended_by"] and watch["ended_at"]):
            yield _fault("watch_ended_without_reason", watch)
        if watch["state"] == "case" and watch["student_id"] not in in_care:
            yield _fault("watch_lost_its_case", watch)


def begun(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Whom a talk left in view is, or was, kept in view or in care."""
    known = {row["student_id"] for row in (*raw.watches.values(), *raw.cases.values())}
    for signal in raw.signals.values():
        if signal["outcome"] == "watch" and signal["student_id"] not in known:
            yield Fault("watch_never_begun", "signal", signal["id"])


def _fault(code: str, watch: Row, words: str = "") -> Fault:
    return Fault(code, "watch", watch["id"], words)
