"""A pace by class: which class sits on which day, so that nobody waits behind more than can be talked to.

The rule: a class sits on a day only if those still waiting from before, and those whom the classes of the day are
expected to add, can all be talked to on that day. A class that alone brings more than a day of talks sits alone, on a
day on which nobody is waiting, and the days after it stay free until its talks are done. Classes keep their order.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from xinqiao.engines.capacity.flags import TOLERANCE


@dataclass(frozen=True, slots=True)
class ClassLoad:
    """A class and the flags it is expected to bring."""

    class_id: UUID
    flags: float


@dataclass(frozen=True, slots=True)
class Pace:
    """`days` says which class sits when, in the order of the classes; `left` are those for whom no day was found."""

    days: tuple[tuple[UUID, dt.date], ...]
    left: tuple[UUID, ...] = ()

    @property
    def last_day(self) -> dt.date | None:
        """The day on which the last class sits."""
        return self.days[-1][1] if self.days else None

    @property
    def sitting_days(self) -> int:
        """On how many days some class sits."""
        return len({day for _class, day in self.days})


def paced(loads: Sequence[ClassLoad], days: Sequence[dt.date], sitting_days: frozenset[dt.date],
          talks_a_day: int) -> Pace:  # fmt: skip
    """Place classes on days. `days` are all school days in order: talks are held on each of them. `sitting_days` are
    those on which a class may sit. Nothing is placed where no talk can be held.
    """
    if talks_a_day <= 0:
        return Pace((), tuple(load.class_id for load in loads))
    placed: list[tuple[UUID, dt.date]] = []
    waiting, todo = 0.0, list(loads)
    for day in days:
        while todo and day in sitting_days and fits(waiting, todo[0].flags, talks_a_day):
            load = todo.pop(0)
            placed.append((load.class_id, day))
            waiting += load.flags
        waiting = max(0.0, waiting - talks_a_day)
    return Pace(tuple(placed), tuple(load.class_id for load in todo))


def fits(waiting: float, flags: float, talks_a_day: int) -> bool:
    """May a class sit on a day that begins with so many waiting, or on which others have sat already?"""
    return waiting <= TOLERANCE or waiting + flags <= talks_a_day + TOLERANCE


def days_to_wait(waiting: float, next_flags: float, days_before: int, talks_a_day: int) -> int:
    """Return by how many school days the classes to come should sit later; 0 where the next of them can sit as planned.

    `days_before` counts the school days of talks, today's included, before the day of the next classes.
    """
    if talks_a_day <= 0:
        return 0
    return next(
        later
        for later in count()
        if fits(max(0.0, waiting - talks_a_day * (days_before + later)), next_flags, talks_a_day)
    )
