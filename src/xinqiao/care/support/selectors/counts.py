"""How far mentors are, counted by school: for principals exactly, for bureaus so that no handful can be told."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from xinqiao.care.support.models import MentorTalk
from xinqiao.care.support.selectors.dealing import mentors_by_school
from xinqiao.care.support.states import TalkKind
from xinqiao.engines.disclosure.tables import hidden_cells
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import covers, places_above, within
from xinqiao.register.orgs.models import Term, Unit
from xinqiao.register.orgs.selectors import schools_for
from xinqiao.register.people.models import Student, Tie
from xinqiao.register.people.states import StudentStatus, TieKind

# SOURCE: security paper, "statistics": fewer than five are not shown inside.
SMALLEST_CELL = 5
Span = tuple[dt.date, dt.date]
_REASON = "counts of a school; nobody is named"


@dataclass(frozen=True)
class MentorCount:
    """One school. `with_mentor` and each count of `talks` are None where they are not shown."""

    name: str
    pupils: int
    with_mentor: int | None
    teachers: int
    with_mentees: int
    talks: tuple[int | None, ...]

    @property
    def share(self) -> int | None:
        """Return the pupils with a mentor in a hundred, rounded down."""
        if self.with_mentor is None or not self.pupils:
            return None
        return self.with_mentor * 100 // self.pupils


def terms_at(places: Sequence[str], on: dt.date) -> dict[str, Span]:
    """Return the term of each school that holds a day, [first, after), by the nearest calendar; absent without one."""
    above = {place: places_above(place) for place in places}
    wanted = {each for path in above.values() for each in path}
    rows = Term.objects.filter(year__unit__path__in=wanted, start_on__lte=on, end_on__gt=on)
    kept = {path: (first, after) for path, first, after in rows.values_list("year__unit__path", "start_on", "end_on")}
    found = {
        place: next((kept[each] for each in reversed(path) if each in kept), None) for place, path in above.items()
    }
    return {place: span for place, span in found.items() if span is not None}


def mentor_counts(actor: Actor, on: dt.date) -> list[MentorCount]:
    """Return the schools that the actor counts; talks are those of the present term."""
    schools = schools_for(actor, Permission.SUPPORT_COUNT)
    places = [school.path for school in schools]
    pupils, able, ties = _pupils(places), mentors_by_school(places, on), _ties(places)
    talks = _talks(terms_at(places, on))
    rows = []
    for school in schools:
        here = able[school.path]
        mentors = [staff_id for staff_id in ties[school.path] if staff_id in here]
        rows.append(
            MentorCount(
                name=school.name, pupils=pupils[school.path], with_mentor=len(mentors), teachers=len(here),
                with_mentees=len(set(mentors)), talks=tuple(talks[school.path][kind] for kind in TalkKind),
            )
        )  # fmt: skip
    return _hidden(rows) if _is_above(actor, schools) else rows


def _ties(places: Sequence[str]) -> dict[str, list[UUID]]:
    """Whose mentor is whom, by school: one staff id for each pupil who has one."""
    rows = Tie.objects.for_system(reason=_REASON).filter(
        within(places, "student__school_place"), kind=TieKind.MENTOR, end_on=None,
        student__status=StudentStatus.ACTIVE,
    )  # fmt: skip
    found: dict[str, list[UUID]] = defaultdict(list)
    for school, staff_id in rows.values_list("student__school_place", "person_id"):
        found[school].append(staff_id)
    return found


def _is_above(actor: Actor, schools: Sequence[Unit]) -> bool:
    """Does the actor count from above a school? Who belongs to one knows its pupils anyway."""
    held = actor.places(Permission.SUPPORT_COUNT)
    return any(place != school.path and covers(place, school.path) for place in held for school in schools)


def _hidden(rows: Sequence[MentorCount]) -> list[MentorCount]:
    """Take out what would tell of fewer than five, and what would let it be reckoned."""
    covered = hidden_cells([(row.with_mentor or 0, row.pupils - (row.with_mentor or 0)) for row in rows], SMALLEST_CELL)
    talked = hidden_cells([tuple(count or 0 for count in row.talks) for row in rows], SMALLEST_CELL)
    return [
        MentorCount(
            name=row.name, pupils=row.pupils,
            with_mentor=None if covered is None or (n, 0) in covered else row.with_mentor, teachers=row.teachers,
            with_mentees=row.with_mentees,
            talks=tuple(
                None if talked is None or (n, column) in talked else count for column, count in enumerate(row.talks)
            ),
        )
        for n, row in enumerate(rows)
    ]  # fmt: skip


def _pupils(places: Sequence[str]) -> Counter[str]:
    rows = Student.objects.for_system(reason=_REASON).filter(
        within(places, "school_place"), status=StudentStatus.ACTIVE
    )
    return Counter(dict(rows.order_by().values_list("school_place").annotate(count=Count("pk"))))


def _talks(terms: Mapping[str, Span]) -> dict[str, Counter[str]]:
    """Talks by school and kind in the school's present term."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for span in set(terms.values()):
        places = [place for place, own in terms.items() if own == span]
        rows: QuerySet[MentorTalk] = MentorTalk.objects.for_system(reason=_REASON).filter(
            within(places, "student__school_place"), held_on__gte=span[0], held_on__lt=span[1]
        )
        counted = rows.order_by().values_list("student__school_place", "kind").annotate(count=Count("pk"))
        for school, kind, count in counted:
            found[school][kind] = count
    return found
