"""Courses of counselling: opened under an agreement, handed over, taken, ended; goals."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from xinqiao.care.counselling import course_rules as rules
from xinqiao.care.counselling.consenting import consent_says_no
from xinqiao.care.counselling.course_rows import (
    every_course,
    every_draft,
    goals_in_words,
    locked_own,
    pass_course_on,
    record_course,
)
from xinqiao.care.counselling.errors import CannotCounsel
from xinqiao.care.counselling.models import Course, Goal
from xinqiao.care.counselling.states import CourseState, Effect, EndReason
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import Unchanged, command
from xinqiao.foundation.core.clock import now, today
from xinqiao.register.deadlines.kinds import CONSENT_BACK, HEIR
from xinqiao.register.deadlines.services.clocks import meet_deadline
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus


@dataclass(frozen=True)
class CourseDraft:
    """Who signed the agreement and when, its text as it was shown, and whether the group reads the notes."""

    signed: str
    signed_on: dt.date
    agreement: str
    is_shared: bool


@command(Permission.COUNSEL_WRITE)
def open_course(student: Student, *, actor: Actor, draft: CourseDraft) -> Course:
    """Open a course with the actor as its counsellor. Raises CannotCounsel."""
    locked = Student.objects.for_system(reason="two who open at once come one after the other").select_for_update()
    locked.get(pk=student.pk)
    runs = every_course().filter(student=student).exclude(state=CourseState.ENDED).exists()
    is_at_school = student.status == StudentStatus.ACTIVE
    is_refused = consent_says_no(student)
    _demand(
        rules.refusal_to_open(draft.signed_on, today(), is_at_school=is_at_school, runs=runs, is_refused=is_refused)
    )
    course = Course(
        county_id=student.county_id, place=student.place, student=student, state=CourseState.RUNNING,
        counsellor=actor.person_id, is_shared=draft.is_shared, agreement=draft.agreement, signed=draft.signed,
        signed_on=draft.signed_on, opened_by=actor.person_id, opened_at=now(),
    )  # fmt: skip
    course.save(force_insert=True)
    record_course("counselling.course.opened", course)
    return course


@command(Permission.COUNSEL_WRITE)
def hand_over_course(course: Course, *, actor: Actor, to: UUID) -> Course:
    """Give the own course to a colleague who counsels at the school. Raises CannotCounsel."""
    course = locked_own(course, actor)
    if to == actor.person_id or to not in staff_who_may(Permission.COUNSEL_WRITE, course.student.place, today()):
        raise CannotCounsel(rules.NO_HEIR)
    pass_course_on(course, to)
    course.refresh_from_db()
    return course


@command(Permission.COUNSEL_WRITE)
def take_course(course: Course, *, actor: Actor) -> Course:
    """Take a course that waits for a counsellor. Raises CannotCounsel where somebody was faster."""
    rows = every_course().filter(pk=course.pk, state=CourseState.WAITING)
    if not rows.update(state=CourseState.RUNNING, counsellor=actor.person_id, orphaned_at=None):
        raise CannotCounsel(rules.TAKEN_ALREADY)
    meet_deadline(HEIR, course.id, at=now(), by=actor.person_id)
    record_course("counselling.course.taken", course)
    course.refresh_from_db()
    return course


@command(Permission.COUNSEL_WRITE)
def end_course(course: Course, *, actor: Actor, why: str, effect: str) -> Course:
    """End the own course for a reason (a code of `EndReason`), with what it brought (of `Effect`). Raises
    CannotCounsel; that a pupil left, only the roster says."""
    if why not in EndReason.values or why == EndReason.LEFT or effect not in Effect.values:
        raise CannotCounsel(rules.NO_REASON)
    course = locked_own(course, actor)
    every_course().filter(pk=course.pk).update(
        state=CourseState.ENDED, end_reason=why, effect=effect, ended_on=today(), ended_by=actor.person_id
    )
    every_draft().filter(course=course).delete()
    meet_deadline(CONSENT_BACK, course.id, at=now(), by=actor.person_id)
    record_course("counselling.course.ended", course)
    course.refresh_from_db()
    return course


@command(Permission.COUNSEL_WRITE)
def set_goal(course: Course, *, actor: Actor, words: str) -> Goal | Unchanged:
    """Set a goal of the own course; the same words twice are one goal. Raises CannotCounsel."""
    course = locked_own(course, actor)
    if not words.strip():
        raise CannotCounsel(rules.NO_WORDS)
    if words.strip() in goals_in_words(course).values():
        return Unchanged("set_already")
    goal = Goal(
        county_id=course.county_id, place=course.place, course=course, key_id=course.student.key_id,
        words=words.strip(), set_by=actor.person_id, set_at=now(),
    )  # fmt: skip
    goal.save(force_insert=True)
    record_course("counselling.goal.set", course)
    return goal


def _demand(refusal: str) -> None:
    if refusal:
        raise CannotCounsel(refusal)
