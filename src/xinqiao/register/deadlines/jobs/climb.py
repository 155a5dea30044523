"""Climbing: a clock that is due and not met goes up one rung, once, whoever else is at it."""

import datetime as dt
import logging
from uuid import UUID

from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.core.jobs.running import trail
from xinqiao.register.deadlines.climbing import Climb, clock_climbed
from xinqiao.register.deadlines.kinds import running_from
from xinqiao.register.deadlines.models import Deadline, Happening
from xinqiao.register.deadlines.services.clocks import open_clocks
from xinqiao.register.deadlines.services.moments import note_moment
from xinqiao.register.policy.calendar import clock_due_at

log = logging.getLogger(__name__)
BATCH = 200


class SomeDidNotClimb(RuntimeError):
    """Clocks that were due could not climb and will be tried again; the job's mark shows it."""


def climb_due(now: dt.datetime) -> list[Climb]:
    """Let every clock that is due climb one rung and tell the receivers of `clock_climbed`; return what climbed.

    Each clock climbs in a transaction of its own together with all that is told because of it, so a failure holds up
    that one alone and it is tried again; SomeDidNotClimb is raised once all others were tried. Run twice, or by two
    tickers at once, a clock climbs once.
    """
    due = open_clocks().filter(next_climb_at__lte=now).order_by("next_climb_at").values_list("id", flat=True)
    climbed, failed = [], 0
    for clock_id in list(due[:BATCH]):
        try:
            climb = _climb_one(clock_id, now)
        except Exception as error:  # noqa: BLE001 - one clock must not stop the others
            log.error("clock %s could not climb: %s", clock_id, trail(error))
            failed += 1
            continue
        if climb is not None:
            climbed.append(climb)
    if failed:
        raise SomeDidNotClimb(str(failed))
    return climbed


def climb_job(now: dt.datetime) -> int:
    """The scheduled job: climb, and say how many did."""
    return len(climb_due(now))


def _climb_one(clock_id: UUID, now: dt.datetime) -> Climb | None:
    with recording(system_actor("deadlines.climb")):
        clock = open_clocks().select_for_update(skip_locked=True).filter(pk=clock_id, next_climb_at__lte=now).first()
        if clock is None:
            return None
        climb = _next_rung(clock, now)
        if climb is None:
            return None
        record(
            "deadlines.clock.climbed", subject_kind=clock.subject_kind, subject_id=clock.subject_id, place=clock.place,
            county_id=clock.county_id,
            facts={"kind": clock.kind, "rung": climb.rung, "urgency": clock.urgency,
                   "due_at": clock.due_at.isoformat()},
        )  # fmt: skip
        note_moment(clock, Happening.CLIMBED, at=now, rung=climb.rung, from_at=clock.due_at)
        clock_climbed.send([climb])
        return climb


def _next_rung(clock: Deadline, now: dt.datetime) -> Climb | None:
    """Write the next rung unless someone else did meanwhile."""
    running = running_from(clock.parameters)
    rung = clock.rung + 1
    then_at = clock_due_at(running.interval(rung), now, clock.place)
    is_ours = open_clocks().filter(pk=clock.pk, rung=clock.rung).update(rung=rung, next_climb_at=then_at)
    if not is_ours:
        return None
    return Climb(
        deadline_id=clock.id, kind=clock.kind, subject_kind=clock.subject_kind, subject_id=clock.subject_id,
        place=clock.place, county_id=clock.county_id, urgency=clock.urgency, rung=rung,
        recipients=running.recipients(rung), due_at=clock.due_at, at=now,
    )  # fmt: skip
