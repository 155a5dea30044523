"""What is owed on a flagged pupil: begun, counted, given, dropped. Private bodies of commands, jobs and hooks."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from xinqiao.care.alerts.models import GuardianTold
from xinqiao.care.alerts.recipients import Recipient, addresses_of
from xinqiao.care.alerts.selectors.attention import levels_of
from xinqiao.care.alerts.services.telling import next_digest_at
from xinqiao.care.crisis.rows import every_follow_up, every_running_case
from xinqiao.care.crisis.states import Whom
from xinqiao.care.feedback.concerned import Concerned, class_teachers_of
from xinqiao.care.feedback.models import Feedback, TeacherWord
from xinqiao.care.feedback.rows import every_feedback, every_word
from xinqiao.care.feedback.states import RUNNING, Audience, FeedbackState, Through, sources_of
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.keys.fields import seal_rows
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.deadlines.kinds import FEEDBACK
from xinqiao.register.deadlines.services.clocks import cancel_deadlines, meet_deadline, start_deadline
from xinqiao.register.people.models import Student
from xinqiao.register.policy.calendar import clock_due_at
from xinqiao.register.policy.selectors import parameters_for

SUBJECT, URGENCY = "feedback", "yellow"


def record_feedback(row: Feedback, event: str, **facts: object) -> None:
    """Leave an event about a feedback."""
    record(event, subject_kind="student", subject_id=row.student_id, place=row.place, county_id=row.county_id,
           facts={"feedback": str(row.id), **facts})  # fmt: skip


def owe(
    student: Student, *, at: dt.datetime, signals: Collection[UUID] = (), since: dt.datetime | None = None,
    audiences: Collection[Audience] = tuple(Audience),
) -> int:  # fmt: skip
    """Owe both feedbacks on a pupil who was flagged; return how many began. One that runs already stays as it is.

    A talk with a guardian that was written down with the same signals, or in the case since `since`, counts at once.
    """
    begun = [row for to in audiences if (row := _begin(student, to, at=at, signals=signals)) is not None]
    for row in begun:
        if row.to == Audience.TEACHERS:
            release_by_level(row, student, at=at)
        else:
            _count_earlier(row, signals, since)
    return len(begun)


def _begin(student: Student, to: Audience, *, at: dt.datetime, signals: Collection[UUID]) -> Feedback | None:
    parameters = parameters_for(student.place, timezone.localtime(at).date())
    rules = parameters.feedback
    within = rules.teachers_within if to == Audience.TEACHERS else rules.guardian_within
    row = Feedback(
        county_id=student.county_id, place=student.place, student=student, key_id=student.key_id, to=to, flagged_at=at,
        signal_id=next(iter(signals), None), due_at=clock_due_at(within, at, student.place),
    )  # fmt: skip
    seal_rows([row])
    every_feedback().bulk_create([row], ignore_conflicts=True)
    if not every_feedback().filter(pk=row.pk).exists():
        return None
    start_deadline(
        FEEDBACK, subject_kind=SUBJECT, subject_id=row.id, place=student.place, county_id=student.county_id,
        urgency=URGENCY, parameters=parameters, began_at=at, due_at=row.due_at,
    )  # fmt: skip
    record_feedback(row, "feedback.owed.began", to=to.value)
    return row


def _count_earlier(row: Feedback, signals: Collection[UUID], since: dt.datetime | None) -> None:
    told = GuardianTold.objects.for_system(reason="body of a command").filter(signal_id__in=signals)
    found = told.order_by("-told_at").first()
    if found is not None:
        through = Through.WITHHELD if found.way == "withheld" else Through.TOLD
        count_as_given(row, through, origin_id=found.id, by=found.recorded_by, at=row.flagged_at)
        return
    talks = every_follow_up().filter(case__student_id=row.student_id, whom=Whom.GUARDIAN)
    talk = talks.filter(held_at__gte=since).order_by("-held_at").first() if since else None
    if talk is not None:
        count_as_given(row, Through.FOLLOW_UP, origin_id=talk.id, by=talk.held_by, at=row.flagged_at)


def count_as_given(
    row: Feedback, through: Through, *, origin_id: UUID | None, by: UUID | None, at: dt.datetime
) -> bool:
    """Count what was written down elsewhere as this feedback; True if it was still missing."""
    target = FeedbackState.WITHHELD if through == Through.WITHHELD else FeedbackState.GIVEN
    if not end_feedback(row, target, at=at, by=by, through=through, origin_id=origin_id):
        return False
    record_feedback(row, "feedback.owed.counted", through=through.value, state=target.value)
    return True


def end_feedback(row: Feedback, target: FeedbackState, *, at: dt.datetime, by: UUID | None, **changes: object) -> bool:
    """End a feedback and its clock by conditional update; True for the one of two at once who did it."""
    rows = every_feedback().filter(pk=row.pk, state__in=sources_of(target))
    if not rows.update(state=target, done_at=at, done_by=by, **changes):
        return False
    is_done = target == FeedbackState.GIVEN
    if not (is_done and meet_deadline(FEEDBACK, row.id, at=at, by=by)):
        cancel_deadlines(row.id, at=at, reason=target.value)
    row.refresh_from_db()
    return True


def release_by_level(row: Feedback, student: Student, *, at: dt.datetime) -> None:
    """Let the class teachers open the advice that was set with the level: setting it was a person's release of it."""
    advice = levels_of([student.id]).get(student.id, ("", ""))[1]
    teachers = class_teachers_of(student, timezone.localtime(at).date())
    if not advice or not teachers:
        return
    row.words = advice
    seal_rows([row])
    moved = every_feedback().filter(pk=row.pk, state=FeedbackState.OWED)
    if moved.update(state=FeedbackState.RELEASED, words=row.words):
        row.state = FeedbackState.RELEASED
        write_words(row, list(teachers.values()), by=None, at=at)


def write_words(row: Feedback, teachers: Collection[Concerned], *, by: UUID | None, at: dt.datetime) -> int:
    """Let these teachers open the words, and take them back from whoever has not opened them and is not among these;
    return how many are new. Neutral word goes out with the next morning's messages."""
    ids = [each.staff_id for each in teachers]
    every_word().filter(feedback=row, opened_at__isnull=True).exclude(staff_id__in=ids).update(ended_at=at)
    every_word().filter(feedback=row, staff_id__in=ids, ended_at__isnull=False).update(ended_at=None)
    known = set(every_word().filter(feedback=row, staff_id__in=ids).values_list("staff_id", flat=True))
    fresh = [
        TeacherWord(
            county_id=row.county_id, place=each.place, feedback=row, staff_id=each.staff_id,
            sees_level=each.sees_level, released_by=by, released_at=at,
        )
        for each in teachers
        if each.staff_id not in known
    ]  # fmt: skip
    every_word().bulk_create(fresh, ignore_conflicts=True)
    people = [Recipient(each.staff_id, each.place, may_read=True) for each in fresh]
    if people:
        post_messages(
            addresses_of(people, row.place), about_kind=SUBJECT, about_id=row.id, at=at,
            not_before=next_digest_at(row.place, at),
        )  # fmt: skip
    return len(fresh)


def all_opened(row: Feedback) -> bool:
    """Has every teacher who may open the words done so, and at least one?"""
    words = every_word().filter(feedback=row, ended_at__isnull=True)
    return words.exists() and not words.filter(opened_at__isnull=True).exists()


def is_flagged(student_id: UUID) -> bool:
    """Has a pupil an open case, or a level now?"""
    return every_running_case().filter(student_id=student_id).exists() or bool(levels_of([student_id]))


def drop_feedback(student_id: UUID, *, at: dt.datetime) -> None:
    """The pupil left: what is owed ends, and says so."""
    for row in every_feedback().filter(student_id=student_id, state__in=RUNNING):
        if end_feedback(row, FeedbackState.DROPPED, at=at, by=None):
            record_feedback(row, "feedback.owed.dropped")
