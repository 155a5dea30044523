"""Keeping what is owed: pupils who were flagged without a talk, and class teachers who changed."""

import datetime as dt
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from xinqiao.care.alerts.rows import every_attention
from xinqiao.care.alerts.states import Level
from xinqiao.care.crisis.rows import every_running_case
from xinqiao.care.feedback.concerned import Concerned, class_teachers_of, concerned_with
from xinqiao.care.feedback.models import Feedback
from xinqiao.care.feedback.owing import (
    all_opened,
    end_feedback,
    owe,
    record_feedback,
    release_by_level,
    write_words,
)
from xinqiao.care.feedback.rows import every_feedback, every_word
from xinqiao.care.feedback.states import Audience, FeedbackState, Through
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus


def keep_owed(now: dt.datetime) -> int:
    """The scheduled job: owe what is missing, and let words follow those who teach the class now; return how many."""
    return _owe_missing(now) + sum(_follow_class(row, now) for row in _running_words())


def _owe_missing(now: dt.datetime) -> int:
    """Whose case was opened by hand, or whose level was set without a talk, and who was not fed back on since."""
    known = _last_given(now)
    missing: dict[UUID, tuple[dt.datetime | None, list[Audience]]] = {}
    for student_id, since in _flagged_since().items():
        given = known.get(student_id, {})
        lacking = [to for to in Audience if to not in given or (since is not None and given[to] < since)]
        if lacking:
            missing[student_id] = (since, lacking)
    students = Student.objects.for_system(reason="pupils who were flagged without a talk")
    begun = 0
    for student in students.filter(pk__in=missing, status=StudentStatus.ACTIVE):
        since, audiences = missing[student.id]
        with recording(system_actor("feedback.keep")):
            begun += owe(student, at=now, since=since, audiences=audiences)
    return begun


def _flagged_since() -> dict[UUID, dt.datetime | None]:
    """Since when each flagged pupil is: the case's opening, or the last time there was no level; None for always."""
    levels = every_attention().filter(ended_at__isnull=True).exclude(level=Level.GREEN)
    greens = every_attention().filter(level=Level.GREEN).values("student_id").annotate(at=Max("set_at"))
    ended = {row["student_id"]: row["at"] for row in greens.order_by()}
    flagged = {student_id: ended.get(student_id) for student_id in levels.values_list("student_id", flat=True)}
    return flagged | dict(every_running_case().values_list("student_id", "opened_at"))


def _last_given(now: dt.datetime) -> dict[UUID, dict[str, dt.datetime]]:
    """When each feedback last ended, by pupil and audience; one that runs counts as now."""
    found: dict[UUID, dict[str, dt.datetime]] = {}
    for student_id, to, done_at in every_feedback().values_list("student_id", "to", "done_at"):
        own = found.setdefault(student_id, {})
        own[to] = max(done_at or now, own.get(to, done_at or now))
    return found


def _running_words() -> list[Feedback]:
    rows = every_feedback().filter(to=Audience.TEACHERS, state__in=(FeedbackState.OWED, FeedbackState.RELEASED))
    return list(rows.select_related("student"))


def _follow_class(row: Feedback, now: dt.datetime) -> int:
    """Words that nobody could open wait for a class teacher; those out go to who teaches the class now."""
    teachers = class_teachers_of(row.student, timezone.localtime(now).date())
    held = every_word().filter(feedback=row, ended_at__isnull=True)
    have = set(held.values_list("staff_id", flat=True))
    if not teachers or (row.state == FeedbackState.RELEASED and set(teachers) <= have):
        return 0
    with recording(system_actor("feedback.keep")):
        fresh = every_feedback().select_for_update(of=("self",)).select_related("student").get(pk=row.pk)
        if fresh.state == FeedbackState.OWED:
            release_by_level(fresh, fresh.student, at=now)
            if fresh.state == FeedbackState.OWED:
                return 0
        else:
            others = [each for each in _holders(fresh, timezone.localtime(now).date()) if each.staff_id not in teachers]
            write_words(fresh, [*teachers.values(), *others], by=None, at=now)
        record_feedback(fresh, "feedback.words.kept", count=len(teachers))
        if all_opened(fresh):
            end_feedback(fresh, FeedbackState.GIVEN, at=now, by=None, through=Through.WORDS)
    return 1


def _holders(row: Feedback, on: dt.date) -> list[Concerned]:
    """Teachers who hold the words and whom the pupil still concerns."""
    known = concerned_with(row.student, on)
    held = every_word().filter(feedback=row, ended_at__isnull=True).values_list("staff_id", flat=True)
    return [known[each] for each in held if each in known]
