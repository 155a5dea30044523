"""What may be done with a letter and a sealed name. Pure."""

import datetime as dt
from collections.abc import Collection, Sequence
from statistics import median
from uuid import UUID

from xinqiao.engines.triage import Reason

LONGEST_WORDS, SHORTEST_REASON, LONGEST_REASON = 3_000, 8, 1_000
LETTER, LETTER_RESCUE = "letter", "letter_rescue"
NO_WORDS, NO_REASON, TOO_LONG = "no_words", "no_reason", "too_long"
SETTLED_ALREADY, ASKED_ALREADY, OPENED_ALREADY = "settled_already", "asked_already", "opened_already"
NO_NAME, SAME_PERSON, NOT_THE_ASKER, SHOWN_ALREADY = "no_name", "same_person", "not_the_asker", "shown_already"
NOT_ABLE, NOT_URGENT, STILL_URGENT, NAME_GONE = "not_able", "not_urgent", "still_urgent", "name_gone"
NAME_WAITS, NO_SUCH_WAY, NOT_YET, ANOTHER_SCHOOL = "name_waits", "no_such_way", "not_yet", "another_school"


def refusal_of_words(words: str) -> str:
    """Return why words cannot stand in a letter, or ""."""
    if not words.strip():
        return NO_WORDS
    return TOO_LONG if len(words) > LONGEST_WORDS else ""


def refusal_of_reason(reason: str) -> str:
    """Return why a reason does not do, or "": nothing ends and no name opens without one in words."""
    return NO_REASON if len(reason.strip()) < SHORTEST_REASON else ""


def refusal_to_close(*, urgent: str, waits_for_second: bool) -> str:
    """Return why a letter may not be closed, or "": nothing that does not wait, and no request, is left behind."""
    if urgent == "waiting":
        return STILL_URGENT
    return NAME_WAITS if waits_for_second else ""


def refusal_to_ask(*, has_name: bool, states: Collection[str], is_rescue: bool) -> str:
    """Return why the name behind a letter may not be asked for, or ""; `states` are those of earlier requests."""
    if not has_name:
        return NO_NAME
    if set(states) & {"shown", "rescue", "confirmed", "objected"}:
        return OPENED_ALREADY
    return ASKED_ALREADY if not is_rescue and set(states) & {"asked", "approved"} else ""


def refusal_to_decide(*, state: str, asked_by: UUID, by: UUID) -> str:
    """Return why this person may not decide on opening a name, or "": who asked never decides."""
    if state not in ("asked", "rescue"):
        return SETTLED_ALREADY
    return SAME_PERSON if asked_by == by else ""


def refusal_to_show(*, state: str, asked_by: UUID, by: UUID) -> str:
    """Return why the name is not shown to this person, or "": once, and to whoever asked."""
    if state == "shown":
        return SHOWN_ALREADY
    if state != "approved":
        return SETTLED_ALREADY
    return "" if asked_by == by else NOT_THE_ASKER


def reasons_of_letter(words: str, *, is_rescue: bool = False) -> list[Reason]:
    """Return what a signal from a letter rests on; words are the pupil's own where they signed it."""
    found = [Reason(LETTER_RESCUE if is_rescue else LETTER)]
    return [*found, Reason("own_words", "", (words,))] if words else found


def middle_hours(spans: Sequence[dt.timedelta]) -> float | None:
    """Return the median of times to the first answer, in hours to one decimal; None where there is none."""
    return round(median(span.total_seconds() for span in spans) / 3600, 1) if spans else None
