"""Rows of watches, their clock, and the moves that nobody makes by hand. Private bodies of commands and receivers."""

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from xinqiao.care.alerts.rows import every_signal
from xinqiao.care.alerts.states import SignalState
from xinqiao.care.crisis.models import Watch, WatchLook
from xinqiao.care.crisis.watch.states import OVER, WatchState, sources_of
from xinqiao.engines.schedule.working_days import end_of_day
from xinqiao.foundation.audit.recording import record
from xinqiao.register.deadlines.kinds import WATCH
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline, start_deadline
from xinqiao.register.people.models import Student
from xinqiao.register.policy.calendar import zone
from xinqiao.register.policy.selectors import parameters_for

_REASON = "body of a command or job, or a page whose reader was checked"
SUBJECT, URGENCY = "watch", "yellow"


def every_watch() -> QuerySet[Watch]:
    """Return all watches."""
    rows: QuerySet[Watch] = Watch.objects.for_system(reason=_REASON)
    return rows


def every_running_watch() -> QuerySet[Watch]:
    """Return the watches that are not over; a pupil has one at most."""
    return every_watch().exclude(state__in=OVER)


def every_look() -> QuerySet[WatchLook]:
    """Return all looks."""
    rows: QuerySet[WatchLook] = WatchLook.objects.for_system(reason=_REASON)
    return rows


def record_watch(watch: Watch, event: str, **facts: object) -> None:
    """Leave an event about a watch."""
    record(event, subject_kind="student", subject_id=watch.student_id, place=watch.place, county_id=watch.county_id,
           facts={"watch": str(watch.id), **facts})  # fmt: skip


def next_look_from(student: Student, at: dt.datetime) -> dt.date:
    """Return the day of the next look by the rhythm of the policy in force, counted from a moment."""
    on = timezone.localtime(at).date()
    return on + dt.timedelta(days=parameters_for(student.place, on).look_every_days)


def turn_watch_clock(watch: Watch, *, at: dt.datetime, met_by: UUID | None) -> None:
    """Stop the clock, met by somebody or else re-dated, and let it run to the day of the next look."""
    if met_by is None or not meet_deadline(WATCH, watch.id, at=at, by=met_by):
        cancel_deadlines(watch.id, at=at, reason="redated", kind=WATCH)
    place = watch.student.place
    if watch.look_on is not None:
        start_deadline(
            WATCH, subject_kind=SUBJECT, subject_id=watch.id, place=place, county_id=watch.county_id, urgency=URGENCY,
            parameters=parameters_for(place, timezone.localtime(at).date()), began_at=at,
            due_at=end_of_day(watch.look_on, zone()),
        )  # fmt: skip


def start_watch(student: Student, *, by: UUID, interview_id: UUID, at: dt.datetime) -> Watch:
    """Keep a pupil in view, or go on with the watch that runs: the rhythm begins anew with the talk."""
    running = every_running_watch().select_related("student").filter(student=student).first()
    if running is not None:
        resume_watch(running, by=by, at=at)
        return running
    watch = Watch(
        county_id=student.county_id, place=student.place, student=student, key_id=student.key_id, owner=by,
        interview_id=interview_id, opened_at=at, opened_by=by, look_on=next_look_from(student, at),
        state=_standing(student.id),
    )  # fmt: skip
    watch.save(force_insert=True)
    turn_watch_clock(watch, at=at, met_by=None)
    record_watch(watch, "crisis.watch.opened")
    return watch


def resume_watch(watch: Watch, *, by: UUID, at: dt.datetime) -> None:
    """A talk was held: the calm looks are counted anew and the next look follows by the rhythm, unless another signal
    waits still."""
    state = _standing(watch.student_id)
    look_on = next_look_from(watch.student, at)
    rows = every_running_watch().filter(pk=watch.pk)
    if not rows.update(state=state, calm=0, look_on=look_on):
        return
    watch.state, watch.calm, watch.look_on = state, 0, look_on
    turn_watch_clock(watch, at=at, met_by=by)
    record_watch(watch, "crisis.watch.resumed")


def signal_watch(student_id: UUID) -> None:
    """A new signal of a pupil kept in view: the talk comes first. The clock of the look runs on."""
    watch = every_running_watch().filter(student_id=student_id, state=WatchState.WATCHING).first()
    if watch is None:
        return
    rows = every_watch().filter(pk=watch.pk, state__in=sources_of(WatchState.SIGNALLED))
    if rows.update(state=WatchState.SIGNALLED):
        record_watch(watch, "crisis.watch.signalled")


def turn_into_case(student_id: UUID, *, at: dt.datetime) -> None:
    """A case was opened for a pupil kept in view: the case has clocks of its own, the watch is over."""
    watch = every_running_watch().filter(student_id=student_id).first()
    if watch is None:
        return
    rows = every_watch().filter(pk=watch.pk, state__in=sources_of(WatchState.CASE))
    if rows.update(state=WatchState.CASE, ended_at=at, look_on=None):
        cancel_deadlines(watch.id, at=at, reason="in_care", kind=WATCH)
        record_watch(watch, "crisis.watch.became_case")


def pass_watch_on(watch: Watch, to: UUID) -> bool:
    """Let somebody else lead a watch that runs; False where it is over or was passed on meanwhile."""
    rows = every_running_watch().filter(pk=watch.pk, owner=watch.owner)
    if not rows.update(owner=to):
        return False
    record_watch(watch, "crisis.watch.handed_over", **{"from": str(watch.owner), "to": str(to)})
    watch.owner = to
    return True


def _standing(student_id: UUID) -> WatchState:
    """Return how a watch stands beside the pupil's signals."""
    is_open = every_signal().filter(student_id=student_id).exclude(state=SignalState.CLOSED).exists()
    return WatchState.SIGNALLED if is_open else WatchState.WATCHING
