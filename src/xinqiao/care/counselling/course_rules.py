"""Why a course or a note cannot be written so: predicates over plain facts. Pure."""

import datetime as dt

NO_AGREEMENT, RUNS_ALREADY, HAS_LEFT, NOT_RUNNING, NOT_YOURS, TAKEN_ALREADY, NO_HEIR, NO_REASON = (
    "no_agreement", "runs_already", "has_left", "not_running", "not_yours", "taken_already", "no_heir", "no_reason",
)  # fmt: skip
AMENDED_MEANWHILE = "amended_meanwhile"
NO_GROUP, NOTHING_WRITTEN, IN_THE_FUTURE, NO_WHY, BAD_PROGRESS, NO_WORDS, BEFORE_AGREEMENT = (
    "no_group", "nothing_written", "in_the_future", "no_why", "bad_progress", "no_words", "before_agreement",
)  # fmt: skip
HIGHEST = 10  # of a goal: reached


def refusal_to_open(signed_on: dt.date, on: dt.date, *, is_at_school: bool, runs: bool) -> str:
    """Return why a course cannot be opened, "" if nothing stands against it."""
    if not is_at_school:
        return HAS_LEFT
    if signed_on > on:
        return IN_THE_FUTURE
    return RUNS_ALREADY if runs else ""


def refusal_to_keep(held_on: dt.date, signed_on: dt.date, on: dt.date, *, is_running: bool, is_empty: bool) -> str:
    """Return why the note of a session cannot be kept; there is no session before the agreement."""
    if not is_running:
        return NOT_RUNNING
    if held_on > on:
        return IN_THE_FUTURE
    if held_on < signed_on:
        return BEFORE_AGREEMENT
    return NOTHING_WRITTEN if is_empty else ""
