"""Why a plan, a request, an excerpt or an erasure is refused. Pure."""

import datetime as dt
from collections.abc import Collection

NOBODY_CHOSEN, LOOK_IN_THE_PAST, NOTHING_SAID = "nobody_chosen", "look_in_the_past", "nothing_said"
NOT_OF_THE_CLASS = "not_of_the_class"
ASKED_ALREADY, ASKED_IN_THE_FUTURE, ANSWERED_ALREADY = "asked_already", "asked_in_the_future", "answered_already"
NO_ANSWER, EXCERPT_WAITS = "no_answer", "excerpt_waits"
NO_SECTIONS, WAITS_ALREADY, NO_PURPOSE = "no_sections", "waits_already", "no_purpose"
NOT_TO_DELETE, ERASURE_LIVE, SAME_PROPOSER = "not_to_delete", "erasure_live", "same_proposer"
ERASURE_OVER, ERASURE_WAITS = "erasure_over", "erasure_waits"
SAME_PERSON, DECIDED_ALREADY, NO_REASON, NOT_APPROVED = "same_person", "decided_already", "no_reason", "not_approved"


def refusals_to_plan(words: Collection[str], chosen: int, look_on: dt.date, on: dt.date) -> list[str]:
    """Why growth plans cannot be written."""
    codes = [NOBODY_CHOSEN] if not chosen else []
    codes += [NOTHING_SAID] if not all(each.strip() for each in words) else []
    return codes + ([LOOK_IN_THE_PAST] if look_on < on else [])


def refusals_to_record(words: str, asked_on: dt.date, on: dt.date, *, is_there: bool) -> list[str]:
    """Why a request cannot be taken in."""
    codes = [ASKED_ALREADY] if is_there else []
    codes += [NOTHING_SAID] if not words.strip() else []
    return codes + ([ASKED_IN_THE_FUTURE] if asked_on > on else [])


def refusals_to_answer(state: str, words: str, *, has_waiting: bool, has_erasure: bool = False) -> list[str]:
    """Why a request cannot be answered; an excerpt or an erasure that nobody has decided on would be forgotten."""
    if state != "open":
        return [ANSWERED_ALREADY]
    codes = [NO_ANSWER] if not words.strip() else []
    codes += [ERASURE_WAITS] if has_erasure else []
    return codes + ([EXCERPT_WAITS] if has_waiting else [])


def refusals_to_ask(state: str, sections: Collection[str], purpose: str, *, has_waiting: bool) -> list[str]:
    """Why an excerpt cannot be asked for."""
    if state != "open":
        return [ANSWERED_ALREADY]
    codes = [WAITS_ALREADY] if has_waiting else []
    codes += [NO_SECTIONS] if not sections else []
    return codes + ([NO_PURPOSE] if not purpose.strip() else [])


def refusals_to_decide(state: str, reason: str, *, is_same_person: bool, is_yes: bool) -> list[str]:
    """Why an excerpt cannot be decided on."""
    if state != "waiting":
        return [DECIDED_ALREADY]
    codes = [SAME_PERSON] if is_same_person else []
    return codes + ([NO_REASON] if not is_yes and not reason.strip() else [])


def refusals_to_propose(kind: str, state: str, still_open: Collection[str], *, is_live: bool) -> list[str]:
    """Why an erasure cannot be proposed; what is still open about the pupil is named by its own codes."""
    if kind != "delete":
        return [NOT_TO_DELETE]
    if state != "open":
        return [ANSWERED_ALREADY]
    return [ERASURE_LIVE] if is_live else list(still_open)


def refusals_to_approve(state: str, still_open: Collection[str], *, is_same_person: bool) -> list[str]:
    """Why an erasure cannot be approved."""
    if state != "proposed":
        return [DECIDED_ALREADY]
    return [SAME_PROPOSER] if is_same_person else list(still_open)
