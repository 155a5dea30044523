"""How far mentors and families are, counted by school: for principals exactly, for bureaus so that no handful can be
told."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from xinqiao.care.support.models import MentorTalk
from xinqiao.care.support.rows import counted_contacts
from xinqiao.care.support.selectors.dealing import mentors_by_school
from xinqiao.care.support.selectors.terms import Span, terms_at
from xinqiao.care.support.states import Channel, TalkKind
from xinqiao.engines.disclosure.tables import hidden_cells
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.handfuls import SMALLEST_CELL
from xinqiao.foundation.core.places import covers, within
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import schools_for
from xinqiao.register.people.models import Student, Tie
from xinqiao.register.people.states import StudentStatus, TieKind
from xinqiao.register.policy.selectors import parameters_by_place

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


@dataclass(frozen=True)
class FamilyCount:
    """One school this term: families reached of all, and contacts that count by channel; None where not shown."""

    name: str
    pupils: int
    reached: int | None
    channels: tuple[int | None, ...]


def family_counts(actor: Actor, on: dt.date) -> list[FamilyCount]:
    """Return how far the contact with families is this term at the schools that the actor counts."""
    schools = schools_for(actor, Permission.SUPPORT_COUNT)
    places = [school.path for school in schools]
    pupils, terms = _pupils(places), terms_at(places, on)
    rules = parameters_by_place(places, on)
    times, channels = _contacts(terms)
    rows = []
    for school in schools:
        enough = max(1, rules[school.path].families.per_term)
        reached = sum(count >= enough for count in times[school.path].values())
        told = tuple(channels[school.path][channel] for channel in Channel)
        rows.append(FamilyCount(school.name, pupils[school.path], reached, told))
    return _hidden_families(rows) if _is_above(actor, schools) else rows


def _contacts(terms: Mapping[str, Span]) -> tuple[dict[str, Counter[UUID]], dict[str, Counter[str]]]:
    """Contacts that count of pupils who are there, by school: of each pupil, and by channel."""
    times: dict[str, Counter[UUID]] = defaultdict(Counter)
    channels: dict[str, Counter[str]] = defaultdict(Counter)
    for span in set(terms.values()):
        places = [place for place, own in terms.items() if own == span]
        rows = counted_contacts().filter(
            within(places, "student__school_place"), reached_on__gte=span[0], reached_on__lt=span[1],
            student__status=StudentStatus.ACTIVE,
        )  # fmt: skip
        for school, student_id, channel in rows.values_list("student__school_place", "student_id", "channel"):
            times[school][student_id] += 1
            channels[school][channel] += 1
    return times, channels


def _hidden_families(rows: Sequence[FamilyCount]) -> list[FamilyCount]:
    covered = hidden_cells([(row.reached or 0, row.pupils - (row.reached or 0)) for row in rows], SMALLEST_CELL)
    by_way = hidden_cells([tuple(count or 0 for count in row.channels) for row in rows], SMALLEST_CELL)
    return [
        FamilyCount(
            row.name, row.pupils, None if covered is None or (n, 0) in covered else row.reached,
            tuple(None if by_way is None or (n, at) in by_way else count for at, count in enumerate(row.channels)),
        )
        for n, row in enumerate(rows)
    ]  # fmt: skip
