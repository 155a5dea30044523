"""The clocks of transfers: until it is decided where a file goes, and until one that came is acknowledged."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from xinqiao.care.transfers.models import Arrival, Handover
from xinqiao.engines.schedule import ClockRule
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline, start_deadline
from xinqiao.register.policy.calendar import clock_due_at
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

TO_HAND, TO_TAKE = "file_to_hand", "file_to_take"
HANDOVER, ARRIVAL = "handover", "arrival"
URGENCY = "yellow"  # of a clock without a child in danger; its length and rungs are its own


def rules_for(place: str, at: dt.datetime) -> Parameters:
    """Return the policy in force at a place."""
    return parameters_for(place, timezone.localtime(at).date())


def due_to_hand(place: str, at: dt.datetime) -> dt.datetime:
    """Return until when a school decides where the files of those who left at a moment go."""
    return clock_due_at(rules_for(place, at).transfers.send_within, at, place)


def due_to_take(place: str, at: dt.datetime) -> dt.datetime:
    """Return until when a school acknowledges a file that came at a moment."""
    return clock_due_at(rules_for(place, at).transfers.take_within, at, place)


def start_handing(handover: Handover, *, at: dt.datetime) -> None:
    """Start the clock until it is decided where the file goes."""
    rules = rules_for(handover.place, at)
    _start(TO_HAND, HANDOVER, handover, rules.transfers.send_within, rules, at)


def start_taking(arrival: Arrival, *, at: dt.datetime) -> None:
    """Start the clock until the file is acknowledged."""
    rules = rules_for(arrival.place, at)
    _start(TO_TAKE, ARRIVAL, arrival, rules.transfers.take_within, rules, at)


def _start(
    kind: str, subject: str, row: Handover | Arrival, within: ClockRule, rules: Parameters, at: dt.datetime
) -> None:
    start_deadline(
        kind, subject_kind=subject, subject_id=row.id, place=row.place, county_id=row.county_id, urgency=URGENCY,
        parameters=rules, began_at=at, due_at=row.due_at, within=within, ladder=rules.transfers.ladder,
    )  # fmt: skip


def stop_handing(handover_id: UUID, *, at: dt.datetime, by: UUID | None) -> None:
    """Stop it because it was decided."""
    meet_deadline(TO_HAND, handover_id, at=at, by=by)


def stop_taking(arrival_id: UUID, *, at: dt.datetime, by: UUID | None) -> None:
    """Stop it because the file was acknowledged, or sent back."""
    meet_deadline(TO_TAKE, arrival_id, at=at, by=by)


def drop(subject_id: UUID, *, at: dt.datetime, reason: str) -> None:
    """Cancel what runs: the pupil is here again, or the file was called back."""
    cancel_deadlines(subject_id, at=at, reason=reason)
