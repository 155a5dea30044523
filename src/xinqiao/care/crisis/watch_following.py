"""What a watch follows by itself: talks that leave a pupil in view, new signals, overdue looks."""

from collections.abc import Sequence

from django.utils import timezone

from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.alerts.settling import Settled, SignalTold
from xinqiao.care.alerts.states import Outcome
from xinqiao.care.crisis.rows import every_running_case
from xinqiao.care.crisis.watch.states import OVER
from xinqiao.care.crisis.watch_rows import (
    SUBJECT,
    every_running_watch,
    every_watch,
    record_watch,
    resume_watch,
    signal_watch,
    start_watch,
)
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.policy.selectors import parameters_for


def follow_talks(settled: Sequence[Settled]) -> None:
    """Receive SignalsSettled: whoever is to be kept in view is, whoever was goes on being; a case needs no watch."""
    for each in settled:
        if each.outcome == Outcome.CASE or every_running_case().filter(student=each.student).exists():
            continue  # a case ends the watch by itself, and has its own follow-ups
        if each.outcome == Outcome.WATCH:
            start_watch(each.student, by=each.by, interview_id=each.interview_id, at=each.at)
            continue
        running = every_running_watch().select_related("student").filter(student=each.student).first()
        if running is not None:
            resume_watch(running, by=each.by, at=each.at)


def follow_signals(told: Sequence[SignalTold]) -> None:
    """Receive SignalTold: of a pupil kept in view, nobody waits for the next look."""
    for each in told:
        signal_watch(each.student_id)


def tell_of_watches(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: a look that is overdue is told on the rung it climbed to, neutrally."""
    for climb in climbs:
        if climb.subject_kind == SUBJECT:
            _tell_of_one(climb)


def _tell_of_one(climb: Climb) -> None:
    watch = every_watch().select_related("student").filter(pk=climb.subject_id).first()
    if watch is None or watch.state in OVER:
        return
    place = watch.student.place
    instead = parameters_for(place, timezone.localtime(climb.at).date()).nobody_on_duty
    sent = send_neutral_word(
        ("psychology_teachers", *climb.recipients), instead, place, about_kind=SUBJECT, about_id=watch.id, at=climb.at
    )
    record_watch(watch, "crisis.watch.overdue", rung=climb.rung, sent=sent)
