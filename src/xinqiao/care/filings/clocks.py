"""The two clocks of a filing: until it is sent, and until the bureau confirms it. Private bodies of commands."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from xinqiao.care.crisis.clocks import CLOCK_URGENCY
from xinqiao.care.filings.models import Filing
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline, start_deadline
from xinqiao.register.policy.calendar import clock_due_at
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

SUBJECT = "filing"
TO_SEND, TO_CONFIRM = "filing", "filing_seen"


def rules_for(filing: Filing, at: dt.datetime) -> Parameters:
    """Return the policy in force at the pupil's place."""
    return parameters_for(filing.student.place, timezone.localtime(at).date())


def start_sending(filing: Filing, *, due_at: dt.datetime, at: dt.datetime) -> None:
    """Start the clock until a version is sent; one that runs for a later moment is replaced."""
    cancel_deadlines(filing.id, at=at, reason="redated", kind=TO_SEND)
    _start(filing, TO_SEND, due_at, rules_for(filing, at).filings.ladder, at)


def start_confirming(filing: Filing, *, at: dt.datetime) -> None:
    """Start the clock until the bureau confirms; its rungs are the bureau's own people."""
    rules = rules_for(filing, at)
    due_at = clock_due_at(rules.filings.acknowledged_within, at, filing.place)
    _start(filing, TO_CONFIRM, due_at, (("county_officer",), ("county_officer",)), at)


def _start(
    filing: Filing, kind: str, due_at: dt.datetime, ladder: tuple[tuple[str, ...], ...], at: dt.datetime
) -> None:
    start_deadline(
        kind, subject_kind=SUBJECT, subject_id=filing.id, place=filing.place, county_id=filing.county_id,
        urgency=CLOCK_URGENCY[filing.level], parameters=rules_for(filing, at), began_at=at, due_at=due_at,
        ladder=ladder,
    )  # fmt: skip


def met(filing: Filing, kind: str, *, at: dt.datetime, by: UUID) -> None:
    """Stop a clock because what it waited for was done."""
    meet_deadline(kind, filing.id, at=at, by=by)


def stop_confirming(filing: Filing, *, at: dt.datetime) -> None:
    """A version that is being corrected need not be confirmed any more; the corrected one will be."""
    cancel_deadlines(filing.id, at=at, reason="corrected", kind=TO_CONFIRM)


def stop_clocks(filing: Filing, *, at: dt.datetime, reason: str) -> None:
    """Stop both for good."""
    cancel_deadlines(filing.id, at=at, reason=reason)
