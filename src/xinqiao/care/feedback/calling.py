"""Dating an analysis meeting, and what stands on its agenda. Private bodies of commands and jobs."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.recipients import addresses_of, people_to_tell
from xinqiao.care.alerts.rows import every_attention, every_signal
from xinqiao.care.alerts.services.telling import next_digest_at
from xinqiao.care.alerts.states import Level, SignalState
from xinqiao.care.crisis.rows import every_running_case
from xinqiao.care.feedback.models import Meeting
from xinqiao.care.feedback.rows import every_feedback, every_meeting
from xinqiao.care.feedback.states import RUNNING
from xinqiao.engines.schedule.working_days import end_of_day
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.models import SubjectKind
from xinqiao.foundation.keys.store import new_key
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.deadlines.kinds import MEETING
from xinqiao.register.deadlines.services.clocks import open_clocks, start_deadline
from xinqiao.register.orgs.models import Unit
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.calendar import calendar_for, zone
from xinqiao.register.policy.selectors import parameters_for

URGENCY = "yellow"


def record_meeting(meeting: Meeting, event: str, **facts: object) -> None:
    """Leave an event about a meeting."""
    record(event, subject_kind="meeting", subject_id=meeting.id, place=meeting.place, county_id=meeting.county_id,
           facts=dict(facts))  # fmt: skip


def call_next(school: Unit, *, after: dt.date, at: dt.datetime, led_by: UUID | None = None) -> Meeting | None:
    """Date the next meeting of a school by the rhythm of its rules and start its clock; None where one is ahead."""
    on = timezone.localtime(at).date()
    parameters = parameters_for(school.path, on)
    due_on = school_day_from(school.path, max(after + dt.timedelta(days=parameters.meetings.every_days), on))
    if every_meeting().filter(school_id=school.id).exclude(state="held").exists():
        return None
    meeting = Meeting(
        county_id=school.shard_id, place=school.path, school_id=school.id, key_id=new_key(SubjectKind.UNIT),
        due_on=due_on, called_at=at, led_by=led_by,
    )  # fmt: skip
    every_meeting().bulk_create([meeting], ignore_conflicts=True)
    if not every_meeting().filter(pk=meeting.pk).exists():
        return None
    start_deadline(
        MEETING, subject_kind="meeting", subject_id=meeting.id, place=school.path, county_id=school.shard_id,
        urgency=URGENCY, parameters=parameters, began_at=at, due_at=end_of_day(due_on, zone()),
    )  # fmt: skip
    people = people_to_tell(parameters.meetings.led_by, (), school.path, at).people
    post_messages(
        addresses_of(people, school.path), about_kind="meeting", about_id=meeting.id, at=at,
        not_before=next_digest_at(school.path, at),
    )  # fmt: skip
    record_meeting(meeting, "feedback.meeting.called", due_on=due_on.isoformat())
    return meeting


def school_day_from(place: str, day: dt.date) -> dt.date:
    """Return a day, or the next one on which school is held."""
    calendar = calendar_for(place, (day.year, day.year + 1)).calendar
    return day if calendar.is_school_day(day) else calendar.next_school_day(day)


def agenda_of(school_place: str, at: dt.datetime) -> Mapping[UUID, tuple[str, ...]]:
    """Return who is to be looked at, by pupil, and why: open cases, pupils kept in view, overdue tasks and feedback."""
    on, found = timezone.localtime(at).date(), defaultdict[UUID, set[str]](set)
    here = within([school_place], "student__place")
    is_there = {"student__status": StudentStatus.ACTIVE}
    for student_id, judge_by, follow_up_on in (
        every_running_case().filter(here, **is_there).values_list("student_id", "judge_by", "follow_up_on")
    ):
        found[student_id].add("case")
        if any(day is not None and day < on for day in (judge_by, follow_up_on)):
            found[student_id].add("overdue")
    levels = every_attention().filter(here, ended_at__isnull=True, **is_there).exclude(level=Level.GREEN)
    for student_id, review_on in levels.values_list("student_id", "review_on"):
        found[student_id].add("watch")
        if review_on is not None and review_on < on:
            found[student_id].add("overdue")
    signals = every_signal().filter(here, **is_there).exclude(state=SignalState.CLOSED)
    late = open_clocks().filter(subject_kind="signal", due_at__lt=at).values_list("subject_id", flat=True)
    for student_id in signals.filter(pk__in=list(late)).values_list("student_id", flat=True):
        found[student_id].add("overdue")
    owed = every_feedback().filter(here, state__in=RUNNING, due_at__lt=at, **is_there)
    for student_id in owed.values_list("student_id", flat=True):
        found[student_id].add("feedback")
    return {student_id: _in_order(why) for student_id, why in found.items()}


def _in_order(why: set[str]) -> tuple[str, ...]:
    """A pupil in care is also kept in view; the case says it."""
    return tuple(
        each for each in ("case", "watch", "overdue", "feedback")
        if each in why and not (each == "watch" and "case" in why)
    )  # fmt: skip
