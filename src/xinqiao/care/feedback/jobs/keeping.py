"""Keeping what is owed: pupils who were flagged without a talk, and class teachers who changed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from xinqiao.care.alerts.rows import every_attention
from xinqiao.care.alerts.states import Level
from xinqiao.care.crisis.rows import every_running_case
from xinqiao.care.feedback.concerned import Concerned, class_teachers_by_pupil, class_teachers_of, concerned_with
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
from xinqiao.care.feedback.states import RUNNING, Audience, FeedbackState, Through
from xinqiao.foundation.access.actors import system_actor
from xinqiao.foundation.audit.recording import recording
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus

PAGE = 500
Flagged = dict[UUID, dt.datetime | None]


def keep_owed(now: dt.datetime) -> int:
    """The scheduled job: owe what is missing, and let words follow those who teach the class now; return how many.

    Where there is nothing to do it asks a number of queries that does not grow with what runs or ever ran.
    """
    return _owe_missing(now) + sum(_follow_class(row, now) for row in _words_to_follow(now))


def _owe_missing(now: dt.datetime) -> int:
    """Whose case was opened by hand, or whose level was set without a talk, and who was not fed back on since."""
    flagged = {**_levels_lacking(), **_cases_lacking()}
    known = _last_given(flagged, now) if flagged else {}
    students = Student.objects.for_system(reason="pupils who were flagged without a talk").filter(pk__in=flagged)
    begun = 0
    for student in students if flagged else ():
        since, given = flagged[student.id], known.get(student.id, {})
        lacking = [to for to in Audience if to not in given or (since is not None and given[to] < since)]
        with recording(system_actor("feedback.keep")):
            begun += owe(student, at=now, since=since, audiences=lacking)
    return begun


def _cases_lacking() -> Flagged:
    """Since when pupils are in care to whose teachers or guardian nothing was given since, or is on the way."""
    counts = Q(done_at__isnull=True) | Q(done_at__gte=OuterRef("opened_at"))
    return dict(_lacking(every_running_case(), counts).values_list("student_id", "opened_at"))


def _levels_lacking() -> Flagged:
    """The same of pupils with a level and no case: since the last time there was no level, None for always."""
    levels = every_attention().filter(ended_at__isnull=True).exclude(level=Level.GREEN)
    greens = every_attention().filter(level=Level.GREEN)
    later = greens.filter(student_id=OuterRef("student_id"), set_at__gt=OuterRef("done_at"))
    found = _lacking(levels, Q(done_at__isnull=True) | ~Q(Exists(later))).values_list("student_id", flat=True)
    since: Flagged = dict.fromkeys(found)
    if since:
        ended = greens.filter(student_id__in=since).values("student_id").annotate(at=Max("set_at")).order_by()
        since.update({row["student_id"]: row["at"] for row in ended})
    return since


def _lacking(flagged: QuerySet[Any], counts: Q) -> QuerySet[Any]:
    """Of flagged rows those whose pupil is there and lacks, for teachers or guardian, any feedback that `counts`."""
    own = every_feedback().filter(counts, student_id=OuterRef("student_id"))
    # No join: of two tables SQLite would begin with all pupils instead of the few who are flagged.
    is_here = Student.objects.for_system(reason="pupils who are there").filter(
        pk=OuterRef("student_id"), status=StudentStatus.ACTIVE
    )
    lacks = Q(*(~Q(Exists(own.filter(to=to))) for to in Audience), _connector=Q.OR)
    return flagged.filter(lacks, Exists(is_here)).order_by()


def _last_given(student_ids: Collection[UUID], now: dt.datetime) -> dict[UUID, dict[str, dt.datetime]]:
    """When each feedback last ended, by pupil and audience; one that runs counts as now."""
    found: dict[UUID, dict[str, dt.datetime]] = {}
    rows = every_feedback().filter(student_id__in=student_ids)
    for student_id, to, done_at in rows.values_list("student_id", "to", "done_at"):
        own = found.setdefault(student_id, {})
        own[to] = max(done_at or now, own.get(to, done_at or now))
    return found


def _words_to_follow(now: dt.datetime) -> list[Feedback]:
    """Running words that somebody who teaches the class now cannot open yet, or that wait for a class teacher."""
    found: list[Feedback] = []
    rows = every_feedback().filter(to=Audience.TEACHERS, done_at__isnull=True, state__in=RUNNING)
    rows = rows.select_related("student").defer("words")
    after = None
    while page := list((rows.filter(pk__gt=after) if after else rows).order_by("pk")[:PAGE]):
        after = page[-1].pk
        found += _page_to_follow(page, timezone.localtime(now).date())
        if len(page) < PAGE:
            break
    return found


def _page_to_follow(page: Sequence[Feedback], on: dt.date) -> list[Feedback]:
    have: dict[UUID, set[UUID]] = defaultdict(set)
    words = every_word().filter(feedback__in=page, ended_at__isnull=True)
    for feedback_id, staff_id in words.values_list("feedback_id", "staff_id"):
        have[feedback_id].add(staff_id)
    owed = [row.student_id for row in page if row.state == FeedbackState.OWED]
    levels = every_attention().filter(student_id__in=owed, ended_at__isnull=True, advice__isnull=False)
    advised = set(levels.values_list("student_id", flat=True)) if owed else set()
    teachers = class_teachers_by_pupil([row.student for row in page], on)
    return [
        row for row in page
        if teachers[row.student_id]
        and (row.student_id in advised if row.state == FeedbackState.OWED
             else not teachers[row.student_id] <= have[row.id])
    ]  # fmt: skip


def _follow_class(row: Feedback, now: dt.datetime) -> int:
    """Words that nobody could open wait for a class teacher; those out go to who teaches the class now."""
    teachers = class_teachers_of(row.student, timezone.localtime(now).date())
    with recording(system_actor("feedback.keep")):
        fresh = every_feedback().select_for_update(of=("self",)).select_related("student").get(pk=row.pk)
        if fresh.state not in RUNNING:  # the last teacher opened it meanwhile
            return 0
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
