"""What stands against closing a signal or setting a level. Pure: answers are codes, words are made at the edge."""

import datetime as dt

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
SHORTEST_REASON = 8


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
