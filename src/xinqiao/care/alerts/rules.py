"""What stands against closing a signal or setting a level. Pure: answers are codes, words are made at the edge."""

import datetime as dt
from collections.abc import Iterable

NEEDS_FACE_TO_FACE = "needs_face_to_face"
ACUTE_NEEDS_CARE = "acute_needs_care"
NEEDS_REASON = "needs_reason"
NEEDS_LEVEL = "needs_level"
LEVEL_WITHOUT_CARE = "level_without_care"
NEEDS_ADVICE = "needs_advice"
NEEDS_REVIEW = "needs_review"
REVIEW_NOT_AHEAD = "review_not_ahead"
HELD_IN_FUTURE = "held_in_future"
HELD_BEFORE_SIGNAL = "held_before_signal"
ALREADY_CLOSED = "already_closed"
NOT_AT_GATE = "not_at_gate"
NOT_CLEARED = "not_cleared"
GATE_ACUTE = "gate_acute"
GATE_UNWELL = "gate_unwell"
KEPT_IN_CASE = "kept_in_case"
SHORTEST_REASON = 8
TOLD_IN_FUTURE, TOLD_BEFORE_SIGNAL, NEEDS_WORDS = "told_in_future", "told_before_signal", "needs_words"
NO_SUCH_GUARDIAN, NEEDS_WHY = "no_such_guardian", "needs_why"
NOT_RUNNING, RED_NEEDS_PRINCIPAL, NEVER_PAUSED = "not_running", "red_needs_principal", "never_paused"
# What waits for the pupil may stand still while the pupil is away; taking a signal and telling a guardian never may.
PAUSABLE = ("seen", "decide", "gate")
NOT_TALKED = "not_talked"  # what was found, where nobody talked to the pupil
NEEDS_A_TALK = "needs_a_talk"
NOT_REPORTED = "not_reported"
NEEDS_ASKING = "needs_asking"
ORDER = ("red", "orange", "yellow")
# What never waits: whoever cried for help is talked to as urgently as ever, whatever the scores say.
CRIES = (
    "critical_answer", "student", "class_teacher", "guardian", "subject_teacher", "mentor", "dorm_keeper", "staff",
    "committee", "round", "mailbox", "hotline", "counsellor", "checkup", "department", "exposure",
    "school_before",
)  # fmt: skip


def as_urgent_as(one: str, other: str) -> bool:
    """Is one urgency as strict as another, or stricter?"""
    return ORDER.index(one) <= ORDER.index(other)


def urgency_by_rule(ticked: Iterable[str], at_least: str = "") -> str:
    """Return the urgency of what was reported: the strictest of what was ticked and of its source, else yellow."""
    return min((*ticked, *filter(None, (at_least,)), ORDER[-1]), key=ORDER.index)


def refusal_without_talk(*, is_reported: bool, urgency: str, outcome: str, asked: str, note: str) -> str | None:
    """Return why a signal may not be settled by asking whoever reported it, or None.

    Only what staff reported, only yellow, only as known already or nothing to it: the rest needs the pupil's own word.
    """
    if not is_reported:
        return NOT_REPORTED
    if urgency != "yellow" or outcome not in ("known", "nothing"):
        return NEEDS_A_TALK
    if asked not in ("in_person", "phone"):
        return NEEDS_ASKING
    return None if len(note.strip()) >= SHORTEST_REASON else NEEDS_REASON


SERIOUSNESS = {"red": 3, "orange": 2, "yellow": 1, "green": 0}


def is_lowering(level: str, current: str) -> bool:
    """Is a level less serious than the one that stands ("" for none)?"""
    return bool(current) and SERIOUSNESS[level] < SERIOUSNESS[current]


def may_wait_at_gate(*, source: str, urgency: str, sources_of_the_pupil: frozenset[str]) -> bool:
    """May a signal wait at a second gate? Only a screening's scores may, not red, and from a pupil who did not cry.

    `sources_of_the_pupil` are those of the pupil's other signals that are open or of the same sitting.
    """
    return source == "screening" and urgency != "red" and not sources_of_the_pupil & set(CRIES)


def refusal_after_paper(*, is_cleared: bool, outcome: str) -> str | None:
    """Return why a person may not settle a signal by the second paper alone: only as a false alarm without a flag."""
    return None if is_cleared and outcome == "nothing" else NOT_CLEARED


def refusal_at_gate(*, is_at_gate: bool, outcome: str, risk_found: str, standing: str) -> str | None:
    """Return why a short talk may not end so (outcome "" lets the pupil through to the interview), or None.

    What sounds like danger, or like a child who is unwell, is not settled in ten minutes.
    """
    if not is_at_gate:
        return NOT_AT_GATE
    if outcome and risk_found in ("acute", "unclear"):
        return GATE_ACUTE
    return GATE_UNWELL if outcome == "nothing" and standing == "unwell" else None


def refusal_to_close(*, outcome: str, is_red: bool, is_face_to_face: bool, note: str, risk_found: str) -> str | None:
    """Return why a signal may not be closed with this outcome, or None.

    A red signal is closed only after a talk face to face, except where the child is in care already: a voice on the
    telephone does not show how a child is. A false alarm needs its reason in words. Where an acute danger was found,
    the child stays in care.
    """
    if is_red and not is_face_to_face and outcome != "known":
        return NEEDS_FACE_TO_FACE
    if risk_found == "acute" and outcome not in ("case", "known"):
        return ACUTE_NEEDS_CARE
    if outcome == "nothing" and len(note.strip()) < SHORTEST_REASON:
        return NEEDS_REASON
    return None


def refusal_of_time(held_at: dt.datetime, raised_at: dt.datetime, now: dt.datetime) -> str | None:
    """Return why a talk cannot have been held then, or None. Both ends are aware."""
    if held_at > now + dt.timedelta(minutes=5):
        return HELD_IN_FUTURE
    return HELD_BEFORE_SIGNAL if held_at < raised_at - dt.timedelta(minutes=5) else None


def refusal_of_level(*, outcome: str, level: str, advice: str, review_on: dt.date | None, today: dt.date) -> str | None:
    """Return why a level (or none: "") does not go with an outcome, or None.

    Whoever stays in care or in view has a level, words for those who meet the child, and a day on which it is looked at
    again; so nothing ends silently.
    """
    if outcome in ("case", "watch") and level in ("", "green"):
        return NEEDS_LEVEL
    if outcome == "nothing" and level not in ("", "green"):
        return LEVEL_WITHOUT_CARE
    if level in ("", "green"):
        return None
    if not advice.strip():
        return NEEDS_ADVICE
    if review_on is None:
        return NEEDS_REVIEW
    return REVIEW_NOT_AHEAD if review_on <= today else None


def refusal_of_telling(
    *, told_at: dt.datetime, raised_at: dt.datetime, now: dt.datetime, words: str, way: str, is_guardian_known: bool
) -> str | None:
    """Return why it cannot be written down that a guardian was told so, or None. All moments are aware.

    Where nobody is told for the child's protection, the reason stands in the words.
    """
    if told_at > now + dt.timedelta(minutes=5):
        return TOLD_IN_FUTURE
    if told_at < raised_at - dt.timedelta(minutes=5):
        return TOLD_BEFORE_SIGNAL
    if not is_guardian_known:
        return NO_SUCH_GUARDIAN
    if way == "withheld" and len(words.strip()) < SHORTEST_REASON:
        return NEEDS_WHY
    return None if words.strip() else NEEDS_WORDS


def refusal_to_pause(
    *, kind: str, is_running: bool, is_red: bool, may_pause_red: bool, reason: str, note: str
) -> str | None:
    """Return why a clock may not stand still, or None. A red one stands still only if the principal says so."""
    if kind not in PAUSABLE:
        return NEVER_PAUSED
    if not is_running:
        return NOT_RUNNING
    if is_red and not may_pause_red:
        return RED_NEEDS_PRINCIPAL
    return NEEDS_WHY if reason == "other" and len(note.strip()) < SHORTEST_REASON else None
