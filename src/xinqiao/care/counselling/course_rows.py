"""Rows of courses, for bodies of commands, hooks and pages that have checked their actor; what becomes of an orphan."""

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from xinqiao.care.counselling.course_rules import NOT_RUNNING
from xinqiao.care.counselling.errors import CannotCounsel
from xinqiao.care.counselling.models import Course, Draft, Goal, Progress, SealedNote, Session
from xinqiao.care.counselling.states import CourseState
from xinqiao.foundation.access.actors import Actor, Forbidden
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import record
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.deadlines.kinds import HEIR
from xinqiao.register.deadlines.services.clocks import start_deadline
from xinqiao.register.policy.selectors import parameters_for

if TYPE_CHECKING:
    from xinqiao.foundation.access.scoped import ScopedQuerySet

SUBJECT = "counselling_course"
_REASON = "bodies of commands, hooks and pages of counselling, which have checked their actor or act for the clock"


def every_course() -> "ScopedQuerySet[Course]":
    """Return every course."""
    return Course.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # made at run time


def every_session() -> "ScopedQuerySet[Session]":
    """Return every session."""
    return Session.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def every_note() -> "ScopedQuerySet[SealedNote]":
    """Return every version of every note, sealed."""
    return SealedNote.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def every_draft() -> "ScopedQuerySet[Draft]":
    """Return every draft, sealed."""
    return Draft.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def every_goal() -> "ScopedQuerySet[Goal]":
    """Return every goal."""
    return Goal.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def every_progress() -> "ScopedQuerySet[Progress]":
    """Return every progress."""
    return Progress.objects.for_system(reason=_REASON)  # type: ignore[no-any-return]  # as above


def record_course(event: str, course: Course, **facts: object) -> None:
    """Record what was done to a course; no word of a note, no reason and no effect is among the facts."""
    record(event, subject_kind="student", subject_id=course.student_id, place=course.place,
           county_id=course.county_id, facts={"course": str(course.id), **facts})  # fmt: skip


def orphan_course(course: Course, *, at: dt.datetime) -> None:
    """A running course has nobody any more: it waits for a counsellor, under a clock."""
    rows = every_course().filter(pk=course.pk, state=CourseState.RUNNING)
    if not rows.update(state=CourseState.WAITING, counsellor=None, orphaned_at=at):
        return
    parameters = parameters_for(course.place, timezone.localtime(at).date())
    start_deadline(
        HEIR, subject_kind=SUBJECT, subject_id=course.id, place=course.place, county_id=course.county_id,
        urgency="yellow", parameters=parameters, began_at=at, within=parameters.counselling.heir_within,
    )  # fmt: skip
    record_course("counselling.course.orphaned", course)


def pass_course_on(course: Course, heir: UUID) -> None:
    """Give a running course to somebody else, whose right was checked."""
    if every_course().filter(pk=course.pk, state=CourseState.RUNNING).update(counsellor=heir):
        record_course("counselling.course.handed_over", course, to=str(heir))


def locked_own(course: Course, actor: Actor) -> Course:
    """Return the actor's own running course, locked. Raises Forbidden for another's, CannotCounsel for one at rest."""
    rows = every_course().select_for_update(of=("self",)).select_related("student")
    locked = rows.get(pk=course.pk)
    if locked.state != CourseState.RUNNING:
        raise CannotCounsel(NOT_RUNNING)
    if locked.counsellor != actor.person_id:
        raise Forbidden(Permission.COUNSEL_WRITE, locked.place)
    return locked


def goals_in_words(course: Course) -> dict[UUID, str]:
    """Return the goals of a course in the order in which they were set."""
    goals = list(every_goal().filter(course=course).order_by("set_at", "id"))
    return {goal.id: words["words"] or "" for goal, words in zip(goals, open_sealed(goals, "words"), strict=True)}
