"""Writing down what happened to a clock, so that every minute of it can be read afterwards. Private bodies."""

import datetime as dt
import json
from collections.abc import Sequence
from uuid import UUID

from xinqiao.register.deadlines.kinds import running_from
from xinqiao.register.deadlines.models import ClockMoment, Deadline, Happening
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.policy.calendar import clock_due_at

People = Sequence[tuple[UUID, str]]


def note_moment(
    clock: Deadline,
    what: Happening,
    *,
    at: dt.datetime,
    rung: int = 0,
    people: People = (),
    detail: str = "",
    from_at: dt.datetime | None = None,
    to_at: dt.datetime | None = None,
) -> None:
    """Write one thing that happened to a clock; `people` are staff ids with the word by which they were told."""
    row = ClockMoment(
        county_id=clock.county_id, place=clock.place, deadline=clock, at=at, what=what.value, rung=rung, detail=detail,
        from_at=from_at, to_at=to_at, people=json.dumps([[str(staff_id), word] for staff_id, word in people]),
    )  # fmt: skip
    ClockMoment.objects.for_system(reason="body of a command or job").bulk_create([row])


def note_told(clock_id: UUID, *, at: dt.datetime, rung: int, people: People) -> None:
    """Write who was told because a clock began or climbed."""
    clock = Deadline.objects.for_system(reason="body of a command or job").filter(pk=clock_id).first()
    if clock is not None and people:
        note_moment(clock, Happening.TOLD, at=at, rung=rung, people=people)


def skip_rungs(clock_id: UUID, *, to_rung: int, at: dt.datetime, detail: str) -> bool:
    """Let a running clock pass over rungs up to `to_rung`, which has its usual time; True if it stood below it."""
    clock = open_clocks().filter(pk=clock_id, rung__lt=to_rung).first()
    if clock is None:
        return False
    then_at = clock_due_at(running_from(clock.parameters).interval(to_rung), at, clock.place)
    if not open_clocks().filter(pk=clock_id, rung=clock.rung).update(rung=to_rung, next_climb_at=then_at):
        return False
    for rung in range(clock.rung, to_rung):
        note_moment(clock, Happening.SKIPPED, at=at, rung=rung, detail=detail)
    return True
