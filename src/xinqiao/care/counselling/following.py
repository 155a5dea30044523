"""What a course follows by itself: counsellors who leave or lose the role, pupils who move, a clock that nobody met."""

from collections.abc import Sequence

from django.utils import timezone

from xinqiao.care.alerts.following import pupils_by_place
from xinqiao.care.alerts.recipients import send_neutral_word
from xinqiao.care.counselling.course_rows import (
    SUBJECT,
    every_course,
    every_draft,
    orphan_course,
    pass_course_on,
    record_course,
)
from xinqiao.care.counselling.states import CourseState, EndReason
from xinqiao.foundation.access.actors import SYSTEM_ID
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.clock import now
from xinqiao.register.accounts.hooks import Left, RoleEnded
from xinqiao.register.deadlines.climbing import Climb
from xinqiao.register.deadlines.kinds import HEIR
from xinqiao.register.deadlines.services.clocks import cancel_deadlines
from xinqiao.register.duty.selectors import staff_who_may
from xinqiao.register.people.hooks import Moved
from xinqiao.register.policy.selectors import parameters_for


def pass_courses_on(left: Sequence[Left]) -> None:
    """Receive StaffLeft: courses go to the named heir where that one counsels at the school; else they wait."""
    for each in left:
        for course in every_course().filter(counsellor=each.staff_id, state=CourseState.RUNNING):
            heir = each.heir_staff_id
            if heir is not None and heir in staff_who_may(Permission.COUNSEL_WRITE, course.place, each.on):
                pass_course_on(course, heir)
            else:
                orphan_course(course, at=now())


def orphan_courses(ended: Sequence[RoleEnded]) -> None:
    """Receive RoleEnded: the courses of whoever may not counsel there any more wait for somebody."""
    for each in ended:
        for course in every_course().filter(counsellor=each.staff_id, state=CourseState.RUNNING):
            if each.staff_id not in staff_who_may(Permission.COUNSEL_WRITE, course.place, each.on):
                orphan_course(course, at=now())


def follow_pupils(moves: Sequence[Moved]) -> None:
    """Receive StudentsMoved: an open course follows into another class, and ends with the stay at the school."""
    for place, ids in pupils_by_place(moves):
        every_course().filter(student_id__in=ids).exclude(state=CourseState.ENDED).update(place=place)
    gone = {move.student_id: move for move in moves if not move.is_at_school}
    for course in every_course().filter(student_id__in=list(gone)).exclude(state=CourseState.ENDED):
        every_course().filter(pk=course.pk).update(
            state=CourseState.ENDED, end_reason=EndReason.LEFT, ended_on=gone[course.student_id].on, ended_by=SYSTEM_ID
        )
        every_draft().filter(course=course).delete()
        cancel_deadlines(course.id, at=now(), reason="left")
        record_course("counselling.course.left", course)


def tell_of_climbs(climbs: Sequence[Climb]) -> None:
    """Receive ClockClimbed: a course that waits too long is told on the rung it climbed to, neutrally."""
    for climb in climbs:
        course = every_course().filter(pk=climb.subject_id).first() if climb.subject_kind == SUBJECT else None
        if course is None or course.state == CourseState.ENDED:
            continue
        if course.state != CourseState.WAITING and course.consent_back_at is None:
            continue
        instead = parameters_for(course.place, timezone.localtime(climb.at).date()).nobody_on_duty
        sent = send_neutral_word(
            ("psychology_teachers", *climb.recipients), instead, course.place, about_kind=SUBJECT,
            about_id=course.id, at=climb.at,
        )  # fmt: skip
        event = "overdue" if climb.kind == HEIR else "consent_overdue"
        record_course(f"counselling.course.{event}", course, rung=climb.rung, sent=sent)
