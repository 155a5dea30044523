"""Why a step of a leave or a return cannot be taken, and who may decide an appeal. Pure."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.crisis.leave.states import LeaveState, steps_from
from xinqiao.foundation.access.permissions import Permission

LONGEST_WORDS = 2000


@dataclass(frozen=True)
class Step:
    """What is noted of one step: where it leads, on which day, who took part, and the words."""

    target: str
    day: dt.date
    people: str
    words: str


def refusal_to_step(state: str, step: Step, permission: Permission, on: dt.date) -> str:
    """Return why a step cannot be taken; empty where it can."""
    if step.target not in [target.value for target in steps_from(state, permission)]:
        return "not_now"
    return refusal_of_note(step, on)


def refusal_of_note(step: Step, on: dt.date) -> str:
    """Return why what is noted does not do, whatever it leads to; empty where it does."""
    if not step.people.strip() or not step.words.strip():
        return "who_and_words"
    if max(len(step.people), len(step.words)) > LONGEST_WORDS:
        return "too_long"
    return "day_ahead" if step.day > on else ""


def refusal_to_decide(state: str, by: UUID, took_part: Collection[UUID]) -> str:
    """Return why somebody may not decide: an appeal is decided by people who had no part in the no."""
    return "same_people" if state == LeaveState.APPEALED and by in took_part else ""


def next_look(returned_on: dt.date, days: Collection[int], looks: int, on: dt.date) -> dt.date | None:
    """Return the day of the next look after a return, None once all were taken. One that comes late leads ahead."""
    rhythm = sorted(days)
    if looks >= len(rhythm):
        return None
    return max(returned_on + dt.timedelta(days=rhythm[looks]), on + dt.timedelta(days=1))
