"""Private bodies of other apps' commands: they record nothing themselves, the command that calls them does."""

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from xinqiao.engines.schedule import ClockRule
from xinqiao.register.deadlines.kinds import GATE, NAME, RULE_BY_KIND, Running, climbing_rungs
from xinqiao.register.deadlines.models import Deadline
from xinqiao.register.policy.calendar import clock_due_at
from xinqiao.register.policy.parameters import Parameters

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet


class NoSuchClock(LookupError):
    """The policy in force sets no clock of this kind for this urgency."""


def open_clocks() -> "ScopedQuerySet[Deadline]":
    """Return every clock that runs; for jobs and bodies of commands."""
    rows: ScopedQuerySet[Deadline] = Deadline.objects.for_system(reason="clocks run for everyone")
    return rows.filter(met_at__isnull=True, cancelled_at__isnull=True)


def rule_of(kind: str, urgency: str, parameters: Parameters) -> ClockRule:
    """Return the policy's rule for a clock. Raises NoSuchClock."""
    if kind == GATE:
        return parameters.gate_within
    if kind == NAME:
        is_grave = urgency == parameters.committee.grave_worry
        return parameters.committee.name_grave_within if is_grave else parameters.committee.name_within
    name = RULE_BY_KIND.get(kind)
    rule = getattr(parameters.clocks[urgency], name) if name and urgency in parameters.clocks else None
    if not isinstance(rule, ClockRule):
        raise NoSuchClock(f"{kind} {urgency}")
    return rule


def start_deadline(
    kind: str,
    *,
    subject_kind: str,
    subject_id: UUID,
    place: str,
    county_id: UUID,
    urgency: str,
    parameters: Parameters,
    began_at: dt.datetime,
    due_at: dt.datetime | None = None,
    ladder: tuple[tuple[str, ...], ...] = (),
    within: ClockRule | None = None,
) -> Deadline:
    """Start one clock, or return the one that runs already for this subject.

    Without `due_at` the length gives it: `within`, or the policy's rule for the kind (NoSuchClock where there is none).
    It climbs when due, by the rungs of duty or by a `ladder` of its own.
    """
    rule = within or (ClockRule("school_days", 1) if due_at else rule_of(kind, urgency, parameters))
    due = due_at or clock_due_at(rule, began_at, place)
    rungs = ladder or climbing_rungs(kind, parameters.rungs, parameters.beyond.get(urgency, ()))
    running = Running(rule, rungs, parameters.again_minutes, again_is_in_minutes=urgency == "red")
    clock = Deadline(
        kind=kind, subject_kind=subject_kind, subject_id=subject_id, place=place, county_id=county_id,
        urgency=urgency, began_at=began_at, due_at=due, original_due_at=due, next_climb_at=due,
        parameters=running.as_json(), pack_revision=parameters.revision,
    )  # fmt: skip
    Deadline.objects.for_system(reason="body of a command").bulk_create([clock], ignore_conflicts=True)
    return open_clocks().get(kind=kind, subject_id=subject_id)


def meet_deadline(kind: str, subject_id: UUID, *, at: dt.datetime, by: UUID | None) -> bool:
    """Stop a clock because what it waited for was done; True if it was running. It never climbs again."""
    return bool(open_clocks().filter(kind=kind, subject_id=subject_id).update(met_at=at, met_by=by, next_climb_at=None))


def cancel_deadlines(
    subject_id: UUID, *, at: dt.datetime, reason: str, kind: str = "", keep: tuple[str, ...] = ()
) -> int:
    """Cancel the running clocks of a subject (or one kind, or all but some) with a reason code; return how many."""
    rows = open_clocks().filter(subject_id=subject_id).exclude(kind__in=keep)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.update(cancelled_at=at, cancel_reason=reason, next_climb_at=None)


def hasten_climb(kind: str, subject_id: UUID, *, at: dt.datetime, below_rung: int) -> bool:
    """Let a running clock climb now instead of later, if it stands below a rung; True if it was moved."""
    rows = open_clocks().filter(kind=kind, subject_id=subject_id, rung__lt=below_rung, next_climb_at__gt=at)
    return bool(rows.update(next_climb_at=at))
