"""How much was counselled, by school year: numbers alone, and none about a handful of pupils."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from xinqiao.care.counselling.course_rows import every_course, every_session
from xinqiao.care.counselling.states import CourseState, Form
from xinqiao.foundation.core.handfuls import SMALLEST_CELL
from xinqiao.foundation.core.places import within
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import SCHOOL_YEAR_STARTS_IN_MONTH, school_year_of

if TYPE_CHECKING:
    from xinqiao.care.counselling.models import Session
    from xinqiao.foundation.access.scoped import ScopedQuerySet

YEARS = 2


@dataclass(frozen=True)
class YearCounts:
    """One school year of a school; every count is None where fewer than five pupils were counselled."""

    year: int
    pupils: int | None
    sessions: int | None
    complete: int | None
    ended: int | None
    by_form: tuple[tuple[str, int | None], ...]


def counts_of(school: Unit, on: dt.date) -> list[YearCounts]:
    """Return the counts of a school that was fetched for the actor, the present school year first.

    A session is complete whose note has process, analysis, countermeasure and effect (S0-E-A5-B14-4); a course that
    ended has a result (S2a-2.4j).
    """
    return [_year(school, school_year_of(on) - back) for back in range(YEARS)]


def count_without_counsellor(school: Unit) -> int:
    """Return how many courses of a school wait for a counsellor: a duty that somebody has, not a count of pupils."""
    waiting = every_course().filter(within([school.path], "student__place"), state=CourseState.WAITING)
    return waiting.count()


def _year(school: Unit, year: int) -> YearCounts:
    here = within([school.path], "course__student__place")
    rows = every_session().filter(here)
    rows = rows.filter(held_on__gte=_first_day(year), held_on__lt=_first_day(year + 1))
    if rows.values("course__student_id").distinct().count() < SMALLEST_CELL:
        return YearCounts(year, None, None, None, None, tuple((str(form.label), None) for form in Form))
    whole = Q(has_process=True, has_analysis=True, has_countermeasure=True, has_effect=True)
    ended = every_course().filter(
        within([school.path], "student__place"), state=CourseState.ENDED, ended_on__gte=_first_day(year),
        ended_on__lt=_first_day(year + 1),
    )  # fmt: skip
    return YearCounts(
        year, rows.values("course__student_id").distinct().count(), rows.count(), rows.filter(whole).count(),
        _at_least(ended.values("student_id").distinct().count(), ended.count()),
        _by_form(rows),
    )  # fmt: skip


def _by_form(rows: "ScopedQuerySet[Session]") -> tuple[tuple[str, int | None], ...]:
    """Where one form must stay hidden, all do: the sum would tell it."""
    counts = []
    for form in Form:
        own = rows.filter(form=form)
        counts.append((str(form.label), _at_least(own.values("course__student_id").distinct().count(), own.count())))
    is_hidden = any(count is None for _label, count in counts)
    return tuple((label, None if is_hidden else count) for label, count in counts)


def _at_least(pupils: int, count: int) -> int | None:
    """Return a count unless it speaks of a handful of pupils."""
    return count if pupils == 0 or pupils >= SMALLEST_CELL else None


def _first_day(year: int) -> dt.date:
    return dt.date(year, SCHOOL_YEAR_STARTS_IN_MONTH, 1)
