"""Why a course or a note cannot be written so: predicates over plain facts. Pure."""

import datetime as dt

NO_AGREEMENT, RUNS_ALREADY, HAS_LEFT, NOT_RUNNING, NOT_YOURS, TAKEN_ALREADY, NO_HEIR, NO_REASON = (
    "no_agreement", "runs_already", "has_left", "not_running", "not_yours", "taken_already", "no_heir", "no_reason",
)  # fmt: skip
AMENDED_MEANWHILE = "amended_meanwhile"
CONSENT_TAKEN_BACK, CONSENT_SAYS_NO = "consent_taken_back", "consent_says_no"
NO_GROUP, NOTHING_WRITTEN, IN_THE_FUTURE, NO_WHY, BAD_PROGRESS, NO_WORDS, BEFORE_AGREEMENT = (
    "no_group", "nothing_written", "in_the_future", "no_why", "bad_progress", "no_words", "before_agreement",
)  # fmt: skip
HIGHEST = 10  # of a goal: reached


def refusal_to_open(
    signed_on: dt.date, on: dt.date, *, is_at_school: bool, runs: bool, is_refused: bool
) -> str:  # fmt: skip
    """Return why a course cannot be opened, "" if nothing stands against it; `is_refused`: the form of consent says
    no."""
    if not is_at_school:
        return HAS_LEFT
    if signed_on > on:
        return IN_THE_FUTURE
    if runs:
        return RUNS_ALREADY
    return CONSENT_SAYS_NO if is_refused else ""


def refusal_to_keep(
    held_on: dt.date, signed_on: dt.date, on: dt.date, *, is_running: bool, is_empty: bool, back_on: dt.date | None,
    is_risky: bool,
) -> str:  # fmt: skip
    """Return why the note of a session cannot be kept; there is no session before the agreement, and none after the day
    on which the consent was taken back, but for one in which danger was found: that is written down and reported."""
    if not is_running:
        return NOT_RUNNING
    if held_on > on:
        return IN_THE_FUTURE
    if held_on < signed_on:
        return BEFORE_AGREEMENT
    if back_on is not None and held_on > back_on and not is_risky:
        return CONSENT_TAKEN_BACK
    return NOTHING_WRITTEN if is_empty else ""
