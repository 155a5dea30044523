"""Who is named on a level of the warning ladder: the role that a word stands for, at which unit, and who stands in."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission, Role
from xinqiao.foundation.core.places import covers, places_above
from xinqiao.register.accounts.actors import held_on
from xinqiao.register.accounts.models import Membership
from xinqiao.register.duty.models import Absence
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_below
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind

MOST_STAND_INS = 4  # whoever stands in may be away too; a ring of absences ends here


@dataclass(frozen=True)
class Held:
    """A role that somebody holds exactly at a place."""

    staff_id: UUID
    role: str
    place: str


@dataclass(frozen=True)
class Named:
    """One person named on a level. `stands_at` is where the person may read warnings; `instead_of` is who is away."""

    staff_id: UUID
    word: str
    stands_at: str
    instead_of: UUID | None = None


# A word of the pack: the role, and the kind of unit at which it is held; "" is the school or above.
WORDS: Mapping[str, tuple[Role, str]] = {
    "class_teacher": (Role.CLASS_TEACHER, UnitKind.CLASS.value),
    "grade_head": (Role.GRADE_HEAD, UnitKind.GRADE.value),
    "department_head": (Role.GRADE_HEAD, UnitKind.DEPARTMENT.value),
    "dorm_keeper": (Role.DORM_KEEPER, UnitKind.DORMITORY.value),
    "psychology_teachers": (Role.PSYCH_TEACHER, ""),
    "principal": (Role.PRINCIPAL, ""),
    "leading_group": (Role.LEADING_GROUP, ""),
    "county_officer": (Role.COUNTY_OFFICER, ""),
}
WARNED_ROLES = frozenset(role.value for role, held in ROLE_PERMISSIONS.items() if Permission.WARNING_VIEW in held)


def roles_held(places: Iterable[str], on: dt.date, *, below: str = "") -> list[Held]:
    """Return the roles that active staff hold on a day exactly at some places, and at or below `below`."""
    rows = Membership.objects.filter(held_on(on), user__is_active=True, user__staff_id__isnull=False)
    at = rows.filter(place__in=set(places)).values_list("user__staff_id", "role", "place", "id")
    found = set(at)
    if below:
        low_high = {"place__gte": below, "place__lt": below[:-1] + "0"}
        found |= set(rows.filter(**low_high).values_list("user__staff_id", "role", "place", "id"))
    ordered = sorted(found, key=lambda row: (-len(row[2]), row[3]))
    return [Held(staff_id, role, place) for staff_id, role, place, _id in ordered if staff_id]


def stand_ins(place: str, on: dt.date) -> dict[UUID, UUID]:
    """Return who stands in for whom on a day at the school that a place belongs to."""
    rows = Absence.objects.for_system(reason="who stands in is asked for every warning")
    rows = rows.filter(place__in=places_above(place), start_on__lte=on, end_on__gte=on, ended_at__isnull=True)
    return dict(rows.order_by("start_on", "id").values_list("staff_id", "substitute_id"))


def present(staff_id: UUID, away: Mapping[UUID, UUID]) -> UUID:
    """Return who is there: the person, or who stands in, or who stands in for that one."""
    for _ in range(MOST_STAND_INS):
        if staff_id not in away:
            break
        staff_id = away[staff_id]
    return staff_id


def places_of_word(word: str, place: str, units: Collection[Unit], *, boards: bool) -> list[str]:
    """Return the places at which the holders of a word are responsible for a pupil of a class (`place`).

    `units` are the units above the class and the dormitories of the school. Of several dormitories nobody knows in
    which a pupil sleeps: then only who keeps all of them, at the school, is named.
    """
    kind = WORDS[word][1]
    if not kind:
        return [unit.path for unit in units if covers(unit.path, place)]
    if kind != UnitKind.DORMITORY:
        return [unit.path for unit in units if unit.kind == kind and covers(unit.path, place)]
    if not boards:
        return []
    dormitories = [unit.path for unit in units if unit.kind == UnitKind.DORMITORY]
    schools = [unit.path for unit in units if unit.kind in SCHOOL_KINDS and covers(unit.path, place)]
    return [*schools, *(dormitories if len(dormitories) == 1 else [])]


def named_people(words: Iterable[str], place: str, at: dt.datetime, *, boards: bool) -> list[Named]:
    """Return who is named by words of a level for a pupil whose class is `place`, each person once, stand-ins in."""
    on = timezone.localtime(at).date()
    units = units_around(place)
    wanted = {word: places_of_word(word, place, units, boards=boards) for word in words}
    school = next((unit.path for unit in units if unit.kind in SCHOOL_KINDS and covers(unit.path, place)), place)
    held = roles_held(places_above(school), on, below=school)
    return people_of(wanted, held, stand_ins(place, on))


def people_of(wanted: Mapping[str, Collection[str]], held: Collection[Held], away: Mapping[UUID, UUID]) -> list[Named]:
    """Return who holds the words' roles exactly at their places, or stands in; none whom nobody may tell."""
    warned = {row.staff_id: row.place for row in reversed(list(held)) if row.role in WARNED_ROLES}
    found: dict[UUID, Named] = {}
    for word, places in wanted.items():
        role = WORDS[word][0].value
        for row in held:
            if row.role == role and row.place in places:
                there = present(row.staff_id, away)
                stands_at = row.place if there == row.staff_id else warned.get(there, "")
                if stands_at:
                    found.setdefault(
                        there, Named(there, word, stands_at, row.staff_id if there != row.staff_id else None)
                    )
    return list(found.values())


def units_around(place: str) -> list[Unit]:
    """Return the units from the class upward, and the dormitories of its school."""
    above = list(Unit.objects.filter(path__in=places_above(place)).order_by("path"))
    school = next((unit for unit in above if unit.kind in SCHOOL_KINDS), None)
    return [*above, *(units_below(school.path, UnitKind.DORMITORY) if school else [])]
