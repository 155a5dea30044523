"""Re-dating: when a policy changed, running clocks are brought under it, in the child's favour only."""

import datetime as dt

from django.utils import timezone

from xinqiao.engines.schedule import redated
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.register.deadlines.models import Deadline, Happening
from xinqiao.register.deadlines.services.clocks import NoSuchClock, open_clocks, rule_of
from xinqiao.register.deadlines.services.moments import note_moment
from xinqiao.register.policy.calendar import clock_due_at
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for


def redate_open(now: dt.datetime) -> int:
    """Bring running clocks under the policy in force today; return how many were moved.

    Never later than before, never into the past; the first date stays in `original_due_at`, the revision it began
    under in `pack_revision`.
    """
    moved = 0
    running = open_clocks().filter(paused_at__isnull=True)
    for place in list(running.order_by("place").values_list("place", flat=True).distinct()):
        parameters = parameters_for(place, timezone.localtime(now).date())
        stale = [clock for clock in running.filter(place=place) if _revision(clock) != parameters.revision]
        for clock in stale:
            moved += _redate_one(clock, parameters, now)
    return moved


def _revision(clock: Deadline) -> str:
    return clock.redated_for or clock.pack_revision


def _redate_one(clock: Deadline, parameters: Parameters, now: dt.datetime) -> int:
    due = _proposed(clock, parameters, now)
    with recording(system_actor("deadlines.redate")):
        climb_at = min(clock.next_climb_at or due, due) if clock.rung == 0 and due > now else clock.next_climb_at
        rows = open_clocks().filter(pk=clock.pk, due_at=clock.due_at, rung=clock.rung)
        if not rows.update(due_at=due, next_climb_at=climb_at, redated_for=parameters.revision):
            return 0
        if due == clock.due_at:
            return 0
        note_moment(
            clock, Happening.REDATED, at=now, rung=clock.rung, from_at=clock.due_at, to_at=due,
            detail=parameters.revision[:64],
        )  # fmt: skip
        record(
            "deadlines.clock.redated", subject_kind=clock.subject_kind, subject_id=clock.subject_id, place=clock.place,
            county_id=clock.county_id,
            facts={"kind": clock.kind, "from": clock.due_at.isoformat(), "to": due.isoformat(),
                   "revision": parameters.revision},
        )  # fmt: skip
    return 1


def _proposed(clock: Deadline, parameters: Parameters, now: dt.datetime) -> dt.datetime:
    try:
        rule = rule_of(clock.kind, clock.urgency, parameters)
    except NoSuchClock:
        return clock.due_at
    began_at = clock.began_at + dt.timedelta(seconds=clock.paused_seconds)  # it gets back what it stood still
    return redated(clock.due_at, clock_due_at(rule, began_at, clock.place), now)
