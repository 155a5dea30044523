"""The two clocks of a case: to the next judgement and to the next follow-up. Private bodies of its commands."""

import datetime as dt
from uuid import UUID

from xinqiao.care.crisis.models import Case
from xinqiao.care.crisis.rows import every_case
from xinqiao.engines.schedule.working_days import end_of_day
from xinqiao.foundation.core.clock import today
from xinqiao.register.deadlines.kinds import FOLLOW_UP, JUDGEMENT
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline, start_deadline
from xinqiao.register.policy.calendar import zone
from xinqiao.register.policy.parameters import Parameters
from xinqiao.register.policy.selectors import parameters_for

CLOCK_URGENCY = {"red": "red", "orange": "orange", "yellow": "yellow", "green": "yellow"}


def rules_at(case: Case) -> Parameters:
    """Return the policy in force for a case today."""
    return parameters_for(case.student.place, today())


def judged_every(parameters: Parameters, level: str) -> int:
    """Return after how many days at most a level is judged again."""
    return parameters.care.judged_every_days[CLOCK_URGENCY[level]]


def rhythm(parameters: Parameters, level: str, done: int) -> int | None:
    """Return the days to the next follow-up after so many at this level; None where the level asks for none."""
    if level not in parameters.clocks:
        return None
    days = parameters.clocks[level].follow_up_days
    return days[min(done, len(days) - 1)]


def run_clock(case: Case, kind: str, on: dt.date | None, *, at: dt.datetime, met_by: UUID | None) -> None:
    """Stop the clock of a kind, met by somebody or else re-dated, and start the next if there is a day for it."""
    if met_by is None or not meet_deadline(kind, case.id, at=at, by=met_by):
        cancel_deadlines(case.id, at=at, reason="redated", kind=kind)
    if on is not None:
        start_deadline(
            kind, subject_kind="case", subject_id=case.id, place=case.student.place, county_id=case.county_id,
            urgency=CLOCK_URGENCY[case.level or case.urgency], parameters=rules_at(case), began_at=at,
            due_at=end_of_day(on, zone()),
        )  # fmt: skip


def stop_clocks(case: Case, *, at: dt.datetime, reason: str) -> None:
    """Stop both for good."""
    for kind in (JUDGEMENT, FOLLOW_UP):
        cancel_deadlines(case.id, at=at, reason=reason, kind=kind)


def hasten_judgement(case: Case, urgency: str, *, at: dt.datetime) -> bool:
    """Let people sit together as soon as an urgency asks for, if that is sooner; True if it is."""
    on = today() + dt.timedelta(days=rules_at(case).care.first_judgement_days[urgency])
    if case.judge_by is not None and case.judge_by <= on:
        return False
    every_case().filter(pk=case.pk).update(judge_by=on)
    case.judge_by = on
    run_clock(case, JUDGEMENT, on, at=at, met_by=None)
    return True
