"""Why a list cannot be written on or signed, and which urgency a worry has: predicates over plain facts. Pure."""

from collections.abc import Collection, Mapping

from xinqiao.care.rounds.states import ListState

NOT_WAITING, NOT_IN_CLASS, NOTHING_SAID, NO_SUCH_WORD = "not_waiting", "not_in_class", "nothing_said", "no_such_word"
PASSED_ON, NOT_ALL_LOOKED_AT, NO_REASON, NO_SUCH_WINDOW = (
    "passed_on",
    "not_all_looked_at",
    "no_reason",
    "no_such_window",
)
NOBODY_THERE = "nobody_there"
WEIGHT = {"": 0, "yellow": 1, "orange": 2, "red": 3}


def urgency_of(factors: Collection[str], seen: Collection[str], known: Mapping[str, str]) -> str:
    """Return the highest urgency of what was ticked; words alone have the lowest. `known`: code → urgency."""
    ticked = [known[code] for code in (*factors, *seen) if code in known]
    return max(ticked, key=WEIGHT.__getitem__, default="yellow")


def is_passed_on_at_once(urgency: str) -> bool:
    """Does a worry leave the list before it is signed?"""
    return WEIGHT[urgency] > WEIGHT["yellow"]


def refusal_to_note_worry(
    *, state: str, is_in_class: bool, factors: Collection[str], seen: Collection[str], words: str,
    known: Collection[str], urgency: str, passed_on: str,
) -> str:  # fmt: skip
    """Return why a worry cannot be noted so; `passed_on` is the urgency with which one left already, "" for none."""
    if state != ListState.WAITING:
        return NOT_WAITING
    if not is_in_class:
        return NOT_IN_CLASS
    if any(code not in known for code in (*factors, *seen)):
        return NO_SUCH_WORD
    if not (factors or seen or words.strip()):
        return NOTHING_SAID
    return PASSED_ON if WEIGHT[urgency] <= WEIGHT[passed_on] else ""


def refusal_to_sign(state: str, *, pupils: int, looked_at: int) -> str:
    """Return why a list cannot be signed: every pupil of the class must have been looked at."""
    if state != ListState.WAITING:
        return NOT_WAITING
    return NOT_ALL_LOOKED_AT if looked_at < pupils else ""
