"""What an open course does when family or pupil decide anew on counselling: it is to end, or goes on agreed."""

from collections.abc import Sequence

from django.utils import timezone

from xinqiao.care.alerts.recipients import Recipient, addresses_of
from xinqiao.care.counselling.course_rows import SUBJECT, every_course, record_course
from xinqiao.care.counselling.models import Course
from xinqiao.care.counselling.states import CourseState
from xinqiao.foundation.core.clock import today
from xinqiao.foundation.notifications.outbox import post_messages
from xinqiao.register.deadlines.kinds import CONSENT_BACK
from xinqiao.register.deadlines.services.clocks import meet_deadline, start_deadline
from xinqiao.register.people.hooks import ConsentDecided
from xinqiao.register.people.models import Student
from xinqiao.register.people.selectors.consent import consent_to
from xinqiao.register.people.states import Purpose
from xinqiao.register.policy.selectors import parameters_for

AGAINST = ("refused", "withdrawn")


def follow_consent(decided: Sequence[ConsentDecided]) -> None:
    """Receive ConsentDecided: of open courses, what the decisions come to now counts, in the same transaction.

    Where the pupil decides alone, a guardian's no changes nothing.
    """
    by_student = {each.student_id: each for each in decided if each.purpose == Purpose.COUNSELLING}
    if not by_student:
        return
    running = every_course().filter(student_id__in=list(by_student)).exclude(state=CourseState.ENDED)
    for course in running.select_related("student"):
        if consent_says_no(course.student):
            _take_back(course, by_student[course.student_id])
        else:
            _agree(course, by_student[course.student_id])


def consent_says_no(student: Student) -> bool:
    """Do the decisions on the form of consent to counselling come to a no today? Without a form there is none."""
    return consent_to(student, Purpose.COUNSELLING, today()) in AGAINST


def _take_back(course: Course, decided: ConsentDecided) -> None:
    """The counsellor has a task under a clock, and hears of it neutrally."""
    if not every_course().filter(pk=course.pk, consent_back_at=None).update(consent_back_at=decided.at):
        return
    parameters = parameters_for(course.place, timezone.localtime(decided.at).date())
    start_deadline(
        CONSENT_BACK, subject_kind=SUBJECT, subject_id=course.id, place=course.place, county_id=course.county_id,
        urgency="yellow", parameters=parameters, began_at=decided.at, within=parameters.counselling.consent_within,
    )  # fmt: skip
    if course.counsellor is not None:
        told = addresses_of([Recipient(course.counsellor, "counsellor", may_read=True)], course.place)
        post_messages(told, about_kind=SUBJECT, about_id=course.id, at=decided.at)
    record_course("counselling.course.consent_back", course)


def _agree(course: Course, decided: ConsentDecided) -> None:
    if not every_course().filter(pk=course.pk, consent_back_at__isnull=False).update(consent_back_at=None):
        return
    meet_deadline(CONSENT_BACK, course.id, at=decided.at, by=decided.by)
    record_course("counselling.course.consent_anew", course)
