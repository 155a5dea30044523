"""Why a feedback cannot be released, tried or given up, and why a meeting cannot be closed. Pure; codes only."""

import datetime as dt
from dataclasses import dataclass

SHORTEST, LONGEST = 10, 500
NOT_RUNNING, NO_TEACHER, NOT_CONCERNED, SHORT, LONG, FORBIDDEN_WORDS = (
    "not_running", "no_teacher", "not_concerned", "short", "long", "forbidden_words",
)  # fmt: skip
IN_FUTURE, NOT_A_GUARDIAN, NO_WORDS, TOO_FEW_TRIES, BEFORE_FLAG, STILL_FLAGGED = (
    "in_future", "not_a_guardian", "no_words", "too_few_tries", "before_flag", "still_flagged",
)  # fmt: skip
NOBODY_PRESENT, NOT_OF_THE_SCHOOL, NOT_LOOKED_AT, DAY_NOT_AHEAD, HELD_ALREADY, NAMES_A_PUPIL = (
    "nobody_present", "not_of_the_school", "not_looked_at", "day_not_ahead", "held_already", "names_a_pupil",
)  # fmt: skip


class CannotDo(ValueError):
    """It does not stand; `codes` as above, `spots` what was found in the words. Nothing was written."""

    def __init__(self, *codes: str, spots: tuple[str, ...] = ()) -> None:
        super().__init__(", ".join(codes))
        self.codes, self.spots = codes, spots


def demand(*codes: str) -> None:
    """Raise CannotDo if any code is not empty."""
    found = tuple(code for code in codes if code)
    if found:
        raise CannotDo(*found)


@dataclass(frozen=True)
class TryFacts:
    """What a try to reach a guardian is held against; all moments are aware."""

    tried_at: dt.datetime
    flagged_at: dt.datetime
    now: dt.datetime
    words: str
    is_guardian_known: bool


def refusals_to_try(facts: TryFacts) -> tuple[str, ...]:
    """Return why a try cannot be written down so."""
    found = (
        (IN_FUTURE, facts.tried_at > facts.now),
        (BEFORE_FLAG, facts.tried_at < facts.flagged_at - dt.timedelta(days=1)),
        (NOT_A_GUARDIAN, not facts.is_guardian_known),
        (NO_WORDS, len(facts.words.strip()) < SHORTEST),
    )
    return tuple(code for code, is_so in found if is_so)


def refusals_to_give_up(*, tries: int, at_least: int, reason: str) -> tuple[str, ...]:
    """Return why a guardian cannot be given up yet."""
    found = ((TOO_FEW_TRIES, tries < at_least), (NO_WORDS, len(reason.strip()) < SHORTEST))
    return tuple(code for code, is_so in found if is_so)


def refusals_to_release(*, words: str, chosen: int, unknown: int) -> tuple[str, ...]:
    """Return why words cannot be released to teachers; what they may not say is judged beside it."""
    found = (
        (NO_TEACHER, not chosen), (NOT_CONCERNED, bool(unknown)), (SHORT, len(words.strip()) < SHORTEST),
        (LONG, len(words.strip()) > LONGEST),
    )  # fmt: skip
    return tuple(code for code, is_so in found if is_so)


def refusals_to_close(*, present: int, unknown: int, unseen: int, words: str) -> tuple[str, ...]:
    """Return why a meeting cannot be closed: whoever is on the agenda is looked at, or it says why not."""
    found = (
        (NOBODY_PRESENT, not present), (NOT_OF_THE_SCHOOL, bool(unknown)), (NOT_LOOKED_AT, bool(unseen)),
        (NO_WORDS, len(words.strip()) < SHORTEST),
    )  # fmt: skip
    return tuple(code for code, is_so in found if is_so)
