"""Why an entry of the register cannot be written, reviewed or ended: predicates over plain facts. Pure."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from xinqiao.care.support.states import EndReason, EntryState

NO_SUCH_CATEGORY, NO_REASON, KEPT_ALREADY, HAS_LEFT = "no_such_category", "no_reason", "kept_already", "has_left"
NOT_PROPOSED, NOT_KEPT, NOT_YOURS_TO_GIVE = "not_proposed", "not_kept", "not_yours_to_give"
NO_MENTOR, NOBODY, NOT_MENTEE, NOT_YET = "no_mentor", "nobody", "not_mentee", "not_yet"
TOO_MANY, SESSION_AHEAD = "too_many", "session_ahead"
NO_GUARDIAN, NO_TOPIC, CONTACT_AHEAD = "no_guardian", "no_topic", "contact_ahead"


def refusal_to_enter(
    category: str, kind: str, reason: str, *, known: Mapping[str, Sequence[str]], is_at_school: bool, is_kept: bool
) -> str:
    """Return why a pupil cannot be entered (or proposed) so, "" if nothing stands against it.

    `known` maps each category of the policy to its kinds; a kind may be left out ("").
    """
    if category not in known or (kind and kind not in known[category]):
        return NO_SUCH_CATEGORY
    if not reason.strip():
        return NO_REASON
    if not is_at_school:
        return HAS_LEFT
    return KEPT_ALREADY if is_kept else ""


def refusal_to_accept(state: str, *, is_kept: bool) -> str:
    """Return why a proposal cannot be taken up."""
    if state != EntryState.PROPOSED:
        return NOT_PROPOSED
    return KEPT_ALREADY if is_kept else ""


def refusal_to_review(state: str, reason: str) -> str:
    """Return why an entry cannot be looked at again."""
    if state != EntryState.KEPT:
        return NOT_KEPT
    return "" if reason.strip() else NO_REASON


def refusal_to_end(state: str, why: str) -> str:
    """Return why an entry cannot be ended; that a pupil left, only the roster says."""
    if state != EntryState.KEPT:
        return NOT_KEPT
    return NOT_YOURS_TO_GIVE if why == EndReason.LEFT or why not in EndReason.values else ""


def refusal_to_mentor(*, is_able: bool, is_at_school: bool) -> str:
    """Return why a pupil cannot be given this mentor."""
    if not is_at_school:
        return HAS_LEFT
    return "" if is_able else NO_MENTOR


def refusal_to_note_talk(found: int, asked: int, held_on: dt.date, on: dt.date) -> str:
    """Return why a talk with `asked` pupils, of whom `found` are one's own mentees, cannot be noted."""
    if not asked:
        return NOBODY
    if found != asked:
        return NOT_MENTEE
    return NOT_YET if held_on > on else ""


def refusal_to_note_contact(
    reached_on: dt.date, on: dt.date, *, is_at_school: bool, is_known: bool, topics: Sequence[str],
    all_topics: Collection[str],
) -> str:  # fmt: skip
    """Return why a contact with a family cannot be noted: of a pupil who left, with a stranger, ahead of its day."""
    if not is_at_school:
        return HAS_LEFT
    if not is_known:
        return NO_GUARDIAN
    if not set(topics) <= set(all_topics):
        return NO_TOPIC
    return CONTACT_AHEAD if reached_on > on else ""


def refusal_to_note_session(held_on: dt.date, on: dt.date, *, families: int, invited: int, is_topic: bool) -> str:
    """Return why teaching parents cannot be noted: more families than pupils, ahead of its day, no topic in force."""
    if not is_topic:
        return NO_TOPIC
    if families > invited:
        return TOO_MANY
    return SESSION_AHEAD if held_on > on else ""
