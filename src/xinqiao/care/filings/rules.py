"""What stands against writing, checking, sending, dropping or confirming a filing. Pure: codes, not words."""

from dataclasses import dataclass

from xinqiao.care.filings.states import OWED, FilingState

NOT_NOW = "not_now"
CHANGED_MEANWHILE = "changed_meanwhile"
FACTS_CHANGED = "facts_changed"
NO_WORDS = "no_words"
NAMES_THE_PUPIL = "names_the_pupil"
SAME_PERSON = "same_person"
NOT_CHECKED = "not_checked"
NO_RETURN_WORDS = "no_return_words"
NOT_DROPPABLE = "not_droppable"
STILL_ORDERED = "still_ordered"
NO_REASON = "no_reason"
NO_REPLY = "no_reply"
NOT_ADDRESSED = "not_addressed"
NOT_PASSED_ON = "not_passed_on"
NO_SUCH_BUREAU = "no_such_bureau"
SHORTEST_REASON = 8
ORDER = {"red": 3, "orange": 2, "yellow": 1, "green": 0, "": -1}


def is_higher(level: str, other: str) -> bool:
    """Is a level more serious than another ("" for none)?"""
    return ORDER[level] > ORDER[other]


def refusals_to_write(state: str, *, seen: int, version: int, words: str, names: bool) -> list[str]:
    """Return why a version cannot be written so. `seen` is the version the writer knew of; `names` says that the words
    name the pupil where the order asks for a number only."""
    if state == FilingState.LAPSED:
        return [NOT_NOW]
    found = [
        (CHANGED_MEANWHILE, seen != version),
        (NO_WORDS, not words.strip()),
        (NAMES_THE_PUPIL, names),
    ]
    return [code for code, is_so in found if is_so]


@dataclass(frozen=True)
class Shown:
    """What somebody who acts on a version saw: its number, the newest one, and whether its facts still hold."""

    seen: int
    version: int
    is_stale: bool

    def refusals(self) -> list[str]:
        """Return why it is not what goes up."""
        if self.seen != self.version:
            return [CHANGED_MEANWHILE]
        return [FACTS_CHANGED] if self.is_stale else []


def refusals_to_check(state: str, shown: Shown, *, is_same_person: bool) -> list[str]:
    """Return why a version cannot be found right by somebody."""
    if state != FilingState.COMPOSED:
        return [NOT_NOW]
    return shown.refusals() + ([SAME_PERSON] if is_same_person else [])


def refusals_to_return(state: str, *, seen: int, version: int, words: str) -> list[str]:
    """Return why a version cannot be given back to whoever wrote it."""
    if state != FilingState.COMPOSED:
        return [NOT_NOW]
    if seen != version:
        return [CHANGED_MEANWHILE]
    return [] if words.strip() else [NO_RETURN_WORDS]


def refusals_to_send(state: str, shown: Shown, *, is_checked: bool) -> list[str]:
    """Return why a version cannot go up; `is_checked` says that the order asks for a second person."""
    if state not in (FilingState.COMPOSED, FilingState.CHECKED):
        return [NOT_NOW]
    if is_checked and state != FilingState.CHECKED:
        return [NOT_CHECKED]
    return shown.refusals()


def refusals_to_lapse(state: str, *, is_sent: bool, may_lapse: bool, is_ordered: bool, words: str) -> list[str]:
    """Return why a filing cannot be dropped; `is_ordered` says that the case stands at a level that is ordered up."""
    if state not in OWED or is_sent:
        return [NOT_NOW]
    found = [
        (NOT_DROPPABLE, not may_lapse),
        (STILL_ORDERED, may_lapse and is_ordered),
        (NO_REASON, len(words.strip()) < SHORTEST_REASON),
    ]
    return [code for code, is_so in found if is_so]


def refusals_to_acknowledge(state: str, *, seen: int, version: int, is_addressed: bool, reply: str) -> list[str]:
    """Return why a bureau cannot confirm a version. Only the bureau it was sent to does."""
    if not is_addressed:
        return [NOT_ADDRESSED]
    if state != FilingState.SENT:
        return [NOT_NOW]
    if seen != version:
        return [CHANGED_MEANWHILE]
    return [] if reply.strip() else [NO_REPLY]


def refusals_to_pass_on(*, is_addressed: bool, is_allowed: bool, has_bureau: bool) -> list[str]:
    """Return why a bureau cannot pass a filing on."""
    found = [
        (NOT_ADDRESSED, not is_addressed),
        (NOT_PASSED_ON, not is_allowed),
        (NO_SUCH_BUREAU, is_allowed and not has_bureau),
    ]
    return [code for code, is_so in found if is_so]
