"""The clock of a request: until it is answered. Private bodies of commands."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from xinqiao.care.archives.models import FileRequest
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline, start_deadline
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

SUBJECT = TO_ANSWER = "file_request"
URGENCY = "yellow"  # of a clock without a child in danger; its length and rungs are its own


def rules_for(place: str, at: dt.datetime) -> Parameters:
    """Return the policy in force at a place."""
    return parameters_for(place, timezone.localtime(at).date())


def start_answering(request: FileRequest, *, at: dt.datetime) -> None:
    """Start the clock until the request is answered; it runs out at the moment that the request keeps."""
    rules = rules_for(request.place, at)
    start_deadline(
        TO_ANSWER, subject_kind=SUBJECT, subject_id=request.id, place=request.place, county_id=request.county_id,
        urgency=URGENCY, parameters=rules, began_at=at, due_at=request.due_at, within=rules.archives.answer_within,
        ladder=rules.archives.ladder,
    )  # fmt: skip


def stop_answering(request: FileRequest, *, at: dt.datetime, by: UUID) -> None:
    """Stop it because the request was answered."""
    meet_deadline(TO_ANSWER, request.id, at=at, by=by)


def move_answering(request: FileRequest, *, at: dt.datetime) -> None:
    """Let the clock run on at another school, due as before."""
    cancel_deadlines(request.id, at=at, reason="redated", kind=TO_ANSWER)
    start_answering(request, at=at)
