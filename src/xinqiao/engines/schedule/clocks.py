"""When a clock is due, how much is left, and how far a new policy may move it."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from xinqiao.engines.schedule.working_days import WorkingCalendar, add_school_days, end_of_day

ClockKind = Literal["minutes", "same_day", "school_days", "days"]


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How long something may take.

    `minutes` and `days` run through nights and holidays. `same_day` ends with the local day, but leaves at least
    `amount` minutes to what begins late in the evening. `school_days` ends with the amount-th school day.
    """

    kind: ClockKind
    amount: int

    def __post_init__(self) -> None:
        if self.amount < 0 or (self.amount == 0 and self.kind in ("minutes", "days")):
            raise ValueError(f"{self.kind}: {self.amount} is no length of time")


def due_at(rule: ClockRule, began_at: dt.datetime, calendar: WorkingCalendar, zone: dt.tzinfo) -> dt.datetime:
    """Return the aware moment at which a clock that began at `began_at` (aware) is due."""
    if rule.kind == "minutes":
        return began_at + dt.timedelta(minutes=rule.amount)
    if rule.kind == "days":
        return began_at + dt.timedelta(days=rule.amount)
    if rule.kind == "same_day":
        night = end_of_day(began_at.astimezone(zone).date(), zone)
        return max(night, began_at + dt.timedelta(minutes=rule.amount))
    return add_school_days(began_at, rule.amount, calendar, zone)


def minutes_left(due: dt.datetime, now: dt.datetime) -> int:
    """Return whole minutes until `due`, rounded down; negative once it is past."""
    return int((due - now).total_seconds() // 60)


def redated(due: dt.datetime, proposed: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return where an open clock stands after the policy changed: never later than before, never into the past.

    A clock that was due already stays where it was.
    """
    if due <= now:
        return due
    return min(due, max(proposed, now))
