"""The warning ladder of one school as it stands on a day: who is named at each unit, and where nobody is."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import covers, places_above
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.duty.models import Absence
from xinqiao.register.duty.named import WORDS, Held, Named, people_of, roles_held, stand_ins
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import name_on, schools_for, units_below
from xinqiao.register.orgs.states import UnitKind
from xinqiao.register.people.models import Student
from xinqiao.register.policy.parameters import LevelRules, Parameters
from xinqiao.register.policy.selectors import parameters_for

INNER = (UnitKind.CLASS, UnitKind.GRADE, UnitKind.DEPARTMENT, UnitKind.DORMITORY)
# Why a place of the ladder is a hole.
NOBODY, NO_DEPARTMENT, NO_DORMITORY, WHICH_DORMITORY = "nobody", "no_department", "no_dormitory", "which_dormitory"


@dataclass(frozen=True)
class NamedRow:
    """One person on a page: `instead_of` is the name of who is away, empty if nobody is."""

    name: str
    word: str
    instead_of: str = ""


@dataclass(frozen=True)
class Place:
    """One unit on one level: who is named, or why it is a hole."""

    level: str
    level_name: str
    unit: str
    code: str
    people: tuple[NamedRow, ...]
    hole: str = ""


@dataclass(frozen=True)
class AbsenceRow:
    """Someone who is or will be away, and who stands in."""

    id: UUID
    name: str
    substitute: str
    start_on: dt.date
    end_on: dt.date


@dataclass(frozen=True)
class LadderPage:
    """A school's ladder: every place of it, from the pupil upward; the holes; who is away."""

    school: Unit
    revision: str
    places: tuple[Place, ...]
    absences: tuple[AbsenceRow, ...]

    @property
    def holes(self) -> tuple[Place, ...]:
        """The places at which a warning would reach nobody."""
        return tuple(place for place in self.places if place.hole)


@dataclass(frozen=True)
class _School:
    """What one look at a school needs, loaded once."""

    unit: Unit
    units: Sequence[Unit]
    held: Sequence[Held]
    away: Mapping[UUID, UUID]
    on: dt.date

    def of_kind(self, kind: str) -> list[Unit]:
        return [unit for unit in self.units if unit.kind == kind]

    def people(self, words: Iterable[str], places: Collection[str]) -> list[Named]:
        return people_of({word: places for word in words if word in WORDS}, self.held, self.away)


def ladder_page(school: Unit, on: dt.date) -> LadderPage:
    """Return the ladder of a school on a day; the number of queries does not depend on its size."""
    parameters = parameters_for(school.path, on)
    found, people = _places(_load(school, on), parameters)
    absences = list(_absences(school, on))
    ids = {person.staff_id for each in people for person in each}
    ids |= {person.instead_of for each in people for person in each if person.instead_of}
    ids |= {i for row in absences for i in (row.staff_id, row.substitute_id)}
    names = staff_names(list(ids))
    places = tuple(
        Place(each.level, each.level_name, each.unit, each.code, _rows(named, names), each.hole)
        for each, named in zip(found, people, strict=True)
    )
    rows = tuple(
        AbsenceRow(row.id, names.get(row.staff_id, ""), names.get(row.substitute_id, ""), row.start_on, row.end_on)
        for row in absences
    )
    return LadderPage(school, parameters.revision, places, rows)


def holes_of(school: Unit, on: dt.date) -> tuple[Place, ...]:
    """Return where the ladder of a school reaches nobody, without opening a name."""
    found, _people = _places(_load(school, on), parameters_for(school.path, on))
    return tuple(place for place in found if place.hole)


def count_holes(actor: Actor, on: dt.date) -> int:
    """Return in how many places the ladders of those schools reach nobody that the actor answers for."""
    schools = [unit for unit in schools_for(actor, Permission.DUTY_EDIT) if actor.can(Permission.DUTY_EDIT, unit.path)]
    return sum(len(holes_of(school, on)) for school in schools)


def _rows(people: Iterable[Named], names: Mapping[UUID, str]) -> tuple[NamedRow, ...]:
    return tuple(
        NamedRow(names.get(p.staff_id, ""), p.word, names.get(p.instead_of, "") if p.instead_of else "") for p in people
    )


def _absences(school: Unit, on: dt.date) -> QuerySet[Absence]:
    rows: QuerySet[Absence] = Absence.objects.for_system(reason="the school was fetched for the actor")
    return rows.filter(place=school.path, end_on__gte=on, ended_at__isnull=True).order_by("start_on", "id")


def _load(school: Unit, on: dt.date) -> _School:
    """The units with pupils in them; a class that is empty needs nobody."""
    active = Student.objects.for_system(reason="which classes have pupils; no name is opened")
    filled = set(active.filter(school_id=school.id, status="active").values_list("place", flat=True).distinct())
    units = [
        unit for unit in units_below(school.path, *INNER)
        if unit.kind in (UnitKind.DEPARTMENT, UnitKind.DORMITORY) or any(covers(unit.path, place) for place in filled)
    ]  # fmt: skip
    held = roles_held(places_above(school.path), on, below=school.path)
    return _School(school, units, held, stand_ins(school.path, on), on)


def _places(school: _School, parameters: Parameters) -> tuple[list[Place], list[list[Named]]]:
    places, people = [], []
    for level in parameters.levels:
        for unit, hole in _units_of(level, school):
            at = places_above(unit.path) if level.unit == "school" else [unit.path]
            if level.unit == UnitKind.DORMITORY:
                at.append(school.unit.path)
            named = school.people(level.named, at)
            places.append(_place(level, unit, school, hole or ("" if named else NOBODY)))
            people.append(named)
    beyond = sorted({word for words in parameters.beyond.values() for word in words})
    if beyond:
        named = school.people(beyond, places_above(school.unit.path))
        places.append(Place("beyond", "", "", "", (), "" if named else NOBODY))
        people.append(named)
    return places, people


def _place(level: LevelRules, unit: Unit, school: _School, hole: str) -> Place:
    name = level.name.in_language(get_language() or "")
    return Place(level.code, name, name_on(unit, school.on), unit.code, (), hole)


def _units_of(level: LevelRules, school: _School) -> list[tuple[Unit, str]]:
    """Return the units at which a level stands in a school, with what is wrong before anybody is looked for."""
    if level.unit == "school":
        return [(school.unit, "")]
    if level.unit == UnitKind.DORMITORY:
        return _dormitories(school)
    found = [(unit, "") for unit in school.of_kind(level.unit)]
    if level.unit == UnitKind.DEPARTMENT:
        departments = [unit.path for unit, _hole in found]
        loose = [u for u in school.of_kind(UnitKind.CLASS) if not any(covers(path, u.path) for path in departments)]
        found += [(unit, NO_DEPARTMENT) for unit in loose]
    return found


def _dormitories(school: _School) -> list[tuple[Unit, str]]:
    dormitories = school.of_kind(UnitKind.DORMITORY)
    if not dormitories:
        keepers = school.people(["dorm_keeper"], [school.unit.path])
        return [(school.unit, "" if keepers else NO_DORMITORY)] if school.unit.has_boarders else []
    is_kept_whole = bool(school.people(["dorm_keeper"], [school.unit.path]))
    hole = WHICH_DORMITORY if len(dormitories) > 1 and not is_kept_whole else ""
    return [(unit, hole) for unit in dormitories]
