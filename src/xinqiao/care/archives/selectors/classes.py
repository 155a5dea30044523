"""Files by class: how many there are, how fresh, who has a plan of this term, whose family sections are filled."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from xinqiao.care.archives.models import FamilyNote, GrowthPlan
from xinqiao.care.archives.terms import TermNow, term_at
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import note_reading
from xinqiao.foundation.core.places import within
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import cohort_order, name_on, units_for
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Student
from xinqiao.register.people.sections import sections
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_for

MOST_IDS_IN_AUDIT = 200
_REASON = "whether there is one, of pupils found for the actor"


@dataclass(frozen=True)
class ClassFiles:
    """The files of one class in numbers; a file exists from enrolment on, so every pupil has one."""

    id: UUID
    name: str
    pupils: int
    planned: int
    family: int
    fresh: int
    is_plan_late: bool

    @property
    def without_plan(self) -> int:
        return self.pupils - self.planned


@dataclass(frozen=True)
class PupilLine:
    """One pupil of a class: day of the newest entry that the reader may see, whether plan and family are there."""

    id: UUID
    name: str
    number: str
    last_on: dt.date | None
    has_plan: bool
    look_on: dt.date | None
    has_family: bool


def class_units(actor: Actor, permission: Permission = Permission.FILE_VIEW) -> list[Unit]:
    """Return the classes at which the actor holds the permission, in the order of the school."""
    units = units_for(actor, permission, UnitKind.CLASS)
    return sorted((unit for unit in units if not unit.is_closed), key=cohort_order)


def find_class(actor: Actor, permission: Permission, class_id: UUID) -> Unit | None:
    """Return a class at which the actor holds the permission; None otherwise."""
    unit = Unit.objects.filter(pk=class_id, kind=UnitKind.CLASS).first()
    return unit if unit is not None and actor.can(permission, unit.path) else None


def files_by_class(actor: Actor, on: dt.date) -> list[ClassFiles]:
    """Return the files of every class that the actor reaches; the number of queries does not grow with classes."""
    units = class_units(actor)
    pupils = _pupils([unit.path for unit in units])
    schools = {school for _place, school in pupils.values()}
    terms = {school: term_at(school, on) for school in schools}
    planned, told, newest = _planned(terms), _told(schools), _newest(actor, pupils)
    fresh_since = {school: on - dt.timedelta(days=parameters_for(school, on).archives.fresh_days) for school in schools}
    counts: dict[str, Counter[str]] = {unit.path: Counter() for unit in units}
    for key, (place, school) in pupils.items():
        last = newest.get(key)
        counts[place].update(pupils=1, planned=key in planned, family=key in told,
                             fresh=last is not None and last >= fresh_since[school])  # fmt: skip
    late = {school: _is_late(terms[school], parameters_for(school, on).archives.plan_days, on) for school in schools}
    rows, school_at = [], dict(pupils.values())
    for unit in units:
        found = counts[unit.path]
        school = school_at.get(unit.path, "")
        missing = found["pupils"] > found["planned"]
        rows.append(
            ClassFiles(
                id=unit.id, name=name_on(unit, on), pupils=found["pupils"], planned=found["planned"],
                family=found["family"], fresh=found["fresh"], is_plan_late=missing and late.get(school, False),
            )
        )  # fmt: skip
    return rows


def lines_of(actor: Actor, unit: Unit, on: dt.date, *, event: str) -> list[PupilLine]:
    """Return the pupils of a class that was found for the actor; reading them is one event."""
    students = list(
        Student.objects.visible_to(actor, Permission.FILE_VIEW).filter(within([unit.path]), status=StudentStatus.ACTIVE)
    )
    opened = open_sealed(students, "name", "number")
    term, pupils = term_at(unit.path, on), {row.id: (row.place, row.school_place) for row in students}
    looks = dict(_plans_of(unit.path, term).values_list("student_id", "look_on"))
    told, newest = _told({school for _place, school in pupils.values()}), _newest(actor, pupils)
    note_reading(
        actor, event, subject_kind="students", place=unit.path, county_id=unit.shard_id,
        facts={"count": len(students), "ids": [str(row.id) for row in students[:MOST_IDS_IN_AUDIT]]},
    )  # fmt: skip
    found = [
        PupilLine(
            id=row.id, name=words["name"] or "", number=words["number"] or "", last_on=newest.get(row.id),
            has_plan=row.id in looks, look_on=looks.get(row.id), has_family=row.id in told,
        )
        for row, words in zip(students, opened, strict=True)
    ]  # fmt: skip
    return sorted(found, key=lambda row: (len(row.number), row.number, row.name))


def count_without_plan(actor: Actor, on: dt.date) -> int:
    """Return how many pupils of the classes where the actor writes plans have none after the rules' days; no names."""
    places, missing = [unit.path for unit in class_units(actor, Permission.FILE_PLAN)], 0
    pupils = _active(places)
    for school in pupils.order_by().values_list("school_place", flat=True).distinct():
        term = term_at(school, on)
        if _is_late(term, parameters_for(school, on).archives.plan_days, on):
            plans = _plans_of(school, term).filter(student=OuterRef("pk"))
            missing += pupils.filter(school_place=school).exclude(Exists(plans)).count()
    return missing


def _pupils(places: Sequence[str]) -> dict[UUID, tuple[str, str]]:
    rows = _active(places).values_list("id", "place", "school_place")
    return {key: (place, school) for key, place, school in rows}


def _active(places: Sequence[str]) -> "QuerySet[Student]":
    rows: QuerySet[Student] = Student.objects.for_system(reason=_REASON).filter(
        place__in=places, status=StudentStatus.ACTIVE
    )
    return rows


def _plans_of(place: str, term: TermNow) -> "QuerySet[GrowthPlan]":
    rows: QuerySet[GrowthPlan] = GrowthPlan.objects.for_system(reason=_REASON).filter(
        within([place], "student__place"), is_current=True
    )
    return rows.filter(year=term.year, term=term.number)


def _planned(terms: Mapping[str, TermNow]) -> set[UUID]:
    return {
        key for school, term in terms.items() for key in _plans_of(school, term).values_list("student_id", flat=True)
    }


def _told(schools: Collection[str]) -> set[UUID]:
    rows = FamilyNote.objects.for_system(reason=_REASON).filter(within(schools, "student__school_place"))
    return set(rows.filter(is_current=True, is_whole=True).values_list("student_id", flat=True))


def _newest(actor: Actor, pupils: Mapping[UUID, tuple[str, str]]) -> dict[UUID, dt.date]:
    """When the newest entry was made, over the sections that the actor may read of each pupil."""
    found: dict[UUID, dt.datetime] = {}
    for section in sections():
        latest = section.latest
        if latest is None or not actor.can_somewhere(section.permission):
            continue
        open_at = {place: section.is_open_to(actor, place) for place in {place for place, _school in pupils.values()}}
        for school in {school for _place, school in pupils.values()}:
            for key, at in latest(school).items():
                if key in pupils and open_at[pupils[key][0]] and (key not in found or at > found[key]):
                    found[key] = at
    return {key: timezone.localtime(at).date() for key, at in found.items()}


def _is_late(term: TermNow, days: int, on: dt.date) -> bool:
    return term.start_on is not None and on >= term.start_on + dt.timedelta(days=days)
