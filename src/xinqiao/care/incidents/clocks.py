"""The clocks of an incident: started with the length that the policy gives, and climbing its own ladder. Private bodies
of its commands."""

import datetime as dt
from uuid import UUID

from xinqiao.care.incidents.models import Incident
from xinqiao.care.incidents.states import LineKind
from xinqiao.engines.schedule import ClockRule
from xinqiao.engines.schedule.working_days import end_of_day
from xinqiao.foundation.core.clock import today
from xinqiao.register.deadlines.kinds import (
    ACTION,
    AFTERCARE,
    ANSWER,
    ARRIVAL,
    HOTLINE_BACK,
    INCIDENT_REPORT,
    INCIDENT_REVIEW,
    JOINT_ANSWER,
    JOINT_ARRIVAL,
    JOINT_SITUATION,
    OPINION_ANSWER,
    OPINION_CLOSE,
    OPINION_JUDGE,
    STEP,
)
from xinqiao.register.deadlines.services.clocks import start_deadline
from xinqiao.register.policy.calendar import clock_due_at, zone
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

LINE, CARE, REPORT, OPINION = "incident_line", "exposure", "incident_report", "opinion_item"
CALL, PART, ACTIVATION = "hotline_call", "joint_part", "joint_activation"
JOINT = (JOINT_ANSWER, JOINT_ARRIVAL, JOINT_SITUATION)
CLOCK_OF_LINE = {
    LineKind.STEP: STEP, LineKind.ASK: ANSWER, LineKind.CALL: ARRIVAL, LineKind.REVIEW: INCIDENT_REVIEW,
    LineKind.ACTION: ACTION,
}  # fmt: skip
# In the first hours the last rung is told again in minutes, as of red signals; what takes days climbs in its own steps.
IN_MINUTES, IN_STEPS = "red", "orange"
URGENT = (STEP, ARRIVAL, HOTLINE_BACK, JOINT_ANSWER, JOINT_ARRIVAL)
__all__ = [
    "ACTIVATION", "AFTERCARE", "CALL", "CARE", "CLOCK_OF_LINE", "HOTLINE_BACK", "INCIDENT_REPORT", "JOINT_ANSWER",
    "JOINT_ARRIVAL", "JOINT_SITUATION", "LINE", "OPINION", "OPINION_ANSWER", "OPINION_CLOSE", "OPINION_JUDGE", "PART",
    "REPORT", "due_on", "rules_at", "start",
]  # fmt: skip


def rules_at(place: str) -> Parameters:
    """Return the policy in force at a place today."""
    return parameters_for(place, today())


def due_on(day: dt.date) -> dt.datetime:
    """Return the end of a day that a person set."""
    return end_of_day(day, zone())


def start(
    kind: str, subject_kind: str, subject_id: UUID, incident: Incident, *, within: ClockRule | None,
    at: dt.datetime, parameters: Parameters, due_at: dt.datetime | None = None,
) -> dt.datetime:  # fmt: skip
    """Start a clock at the school of an incident and return when it is due; `within`, or a day that a person set."""
    due = due_at or clock_due_at(within or ClockRule("school_days", 1), at, incident.place)
    start_deadline(
        kind, subject_kind=subject_kind, subject_id=subject_id, place=incident.place, county_id=incident.county_id,
        urgency=IN_MINUTES if kind in URGENT else IN_STEPS, parameters=parameters, began_at=at, due_at=due,
        ladder=parameters.emergency.joint.ladder if kind in JOINT else parameters.emergency.ladder, within=within,
    )  # fmt: skip
    return due
