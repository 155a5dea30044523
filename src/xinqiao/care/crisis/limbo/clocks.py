"""Clocks: each has a subject, is due when it should be, and climbed at the right minute to somebody."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from xinqiao.care.crisis.limbo import incidents
from xinqiao.care.crisis.limbo.days import kept_of
from xinqiao.care.crisis.limbo.faults import Allowance, Fault
from xinqiao.care.crisis.limbo.over import is_over
from xinqiao.care.crisis.limbo.raw import Raw, Row
from xinqiao.care.crisis.limbo.rooms import is_over_in_rooms

# Clocks whose length is a pack's; the others are due on a day that a person set.
BY_RULE = (
    "acknowledge", "seen", "decide", "guardian", "gate", "told", "incident_step", "incident_answer",
    "incident_arrival", "incident_review", "incident_report", "aftercare", "opinion_judge", "opinion_answer",
    "opinion_close", "hotline_back", "joint_answer", "joint_situation",
    "letter_answer", "letter_urgent", "name_decide", "name_confirm", "counselling_heir",
    "counselling_consent", "missed_hour", "waiting_hour",
)  # fmt: skip


def has_subject(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every running clock is about something that still waits."""
    kinds = _subjects(raw)
    for clock in (clock for own in raw.running.values() for clock in own.values()):
        subjects = kinds.get(clock["subject_kind"])
        if subjects is None:
            continue
        subject = subjects.get(clock["subject_id"])
        if subject is None:
            yield _fault("clock_without_subject", clock)
        elif _is_over(clock["subject_kind"], subject) and clock["kind"] != "guardian":  # who is told later, too
            yield _fault("clock_after_the_end", clock, clock["kind"])


def is_due_right(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every clock was due when its pack says, counted again, and was only ever brought forward."""
    for clock in raw.clocks:
        expected = _due_again(raw, clock)
        if expected is not None and expected != clock["original_due_at"]:
            yield _fault("due_at_the_wrong_minute", clock, f"{clock['original_due_at']} / {expected}")
        if clock["due_at"] > clock["original_due_at"] and not _stood_still(clock):
            yield _fault("due_put_off", clock)


def climbs(raw: Raw, allowance: Allowance) -> Iterator[Fault]:
    """Every miss has its climb, at the right minute and one rung at a time, and none comes after the end."""
    for clock in raw.clocks:
        own = _climbs_of(raw, clock)
        if _rungs_reached(raw, clock, own) != clock["rung"]:
            yield _fault("rung_without_climb", clock, f"{clock['rung']} / {len(own)}")
            continue
        kept, due = kept_of(clock["parameters"]), max(clock["due_at"], clock["began_at"])
        is_moved = bool(clock["redated_for"]) or _stood_still(clock)
        for event in own:
            if event["at"] > due + allowance.late and not is_moved:
                yield _fault("climbed_late", clock, f"{due} / {event['at']}")
            due = raw.days.due(*kept.step(_after(raw, clock, event)), event["at"], clock["place"])
        if not is_moved:
            yield from _still_to_climb(raw, clock, due, allowance)


def _rungs_reached(raw: Raw, clock: Row, climbs: Sequence[Row]) -> int:
    """Where the climbs lead, one rung each, and with them the rungs that were passed over because everybody there was
    called already; -1 where a climb is missing between."""
    reached = 0
    for event in climbs:
        if event["rung"] != reached + 1:
            return -1
        reached = _after(raw, clock, event)
    return reached


def _after(raw: Raw, clock: Row, climb: Row) -> int:
    """On which rung a clock stands after a climb: the one it climbed to, or beyond those passed over with it."""
    reached: int = climb["rung"]
    for moment in raw.skips.get(clock["id"], ()):
        if moment["at"] == climb["at"]:
            reached = max(reached, moment["rung"] + 1)
    return reached


def _stood_still(clock: Row) -> bool:
    """Does a clock stand still, or did it? Then it got back what it had left, which its pauses tell."""
    return clock["paused_at"] is not None or bool(clock["paused_seconds"])


def _still_to_climb(raw: Raw, clock: Row, due: dt.datetime, allowance: Allowance) -> Iterator[Fault]:
    end = clock["met_at"] or clock["cancelled_at"]
    if (end or raw.now) > due + allowance.late:
        yield _fault("never_climbed", clock, str(due))
    if end is None and clock["next_climb_at"] is None:
        yield _fault("clock_that_never_climbs", clock)
    if end is None and clock["next_climb_at"] is not None and clock["next_climb_at"] > due:
        yield _fault("climb_put_off", clock)


def to_somebody(raw: Raw, allowance: Allowance) -> Iterator[Fault]:
    """Every climb of a signal reached somebody: a person who may read it, or a message that left for an address."""
    for signal_id, events in raw.told_of_climbs.items():
        for event in events:
            messages = raw.messages.get(signal_id, ())
            has_left = any(abs(message["created_at"] - event["at"]) <= allowance.late for message in messages)
            if not event["told"] and not has_left:
                yield Fault("climbed_to_nobody", "signal", signal_id, f"{event['clock']} {event['rung']}")


def levels(raw: Raw, _allowance: Allowance) -> Iterator[Fault]:
    """Every level above green has a day on which it is looked at again, and a clock that sees to it."""
    for row in raw.attentions.values():
        if row["ended_at"] is not None or row["level"] == "green":
            continue
        if row["review_on"] is None:
            yield Fault("level_without_review", "attention", row["id"])
        elif "review" not in raw.running[row["id"]]:
            yield Fault("review_without_clock", "attention", row["id"])


def _subjects(raw: Raw) -> dict[str, Mapping[UUID, Row]]:
    return {
        "signal": raw.signals, "attention": raw.attentions, "case": raw.cases, "watch": raw.watches,
        "referral": raw.referrals, "leave": raw.leaves, "round_list": raw.lists, **incidents.subjects(raw),
        "counselling_course": raw.courses,
        **raw.others,
    }  # fmt: skip


def _is_over(kind: str, subject: Row) -> bool:
    if kind in ("incident_line", "exposure", "incident_report", "opinion_item"):
        return incidents.is_over(kind, subject)
    if kind == "attention":
        return subject["ended_at"] is not None
    return is_over(kind, subject) or is_over_in_rooms(kind, subject)


def _climbs_of(raw: Raw, clock: Row) -> list[Row]:
    """The climbs of one clock: of its kind and subject, while it ran. At the moment at which one ended and the next of
    the same kind began, what was written of each says whose a climb was."""
    until = clock["met_at"] or clock["cancelled_at"]
    own = [event for event in raw.climbs.get(clock["subject_id"], ()) if event["kind"] == clock["kind"]]
    ran = [event for event in own if clock["began_at"] <= event["at"] <= (until or raw.now)]
    return [
        event for event in ran if event["at"] not in (clock["began_at"], until) or _is_written_of(raw, clock, event)
    ]


def _is_written_of(raw: Raw, clock: Row, event: Row) -> bool:
    return any(row["at"] == event["at"] and row["rung"] == event["rung"] for row in raw.climbed.get(clock["id"], ()))


def _due_again(raw: Raw, clock: Row) -> dt.datetime | None:
    """When a clock was due at first, by hand; None for one whose day is somebody's word."""
    if clock["kind"] in BY_RULE:
        kept = kept_of(clock["parameters"])
        return raw.days.due(kept.kind, kept.amount, clock["began_at"], clock["place"])
    day = _day_set(raw, clock)
    return raw.days.last_minute(day) if day else None


def _day_set(raw: Raw, clock: Row) -> dt.date | None:
    """The day that a person set for what a clock waits for; of a case only while it runs, the next day replaces it."""
    subject, kind = clock["subject_id"], clock["kind"]
    if kind == "review":
        return raw.attentions[subject]["review_on"] if subject in raw.attentions else None
    if kind in ("judgement", "follow_up") and subject in raw.cases and raw.running[subject].get(kind) is clock:
        day: dt.date | None = raw.cases[subject]["judge_by" if kind == "judgement" else "follow_up_on"]
        return day
    return None


def _fault(code: str, clock: Row, words: str = "") -> Fault:
    return Fault(code, "clock", clock["id"], words)
