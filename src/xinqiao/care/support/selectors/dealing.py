"""Who may be mentor at a school, whose mentor is who, and how the pupils without one would be dealt."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet

from xinqiao.care.support.dealing import Mentor, Pupil, Rules, deal
from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission, Role
from xinqiao.foundation.core.places import covers, places_above, within
from xinqiao.register.accounts.actors import held_on
from xinqiao.register.accounts.models import Membership
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.selectors import units_by_path
from xinqiao.register.people.models import Staff, Student, Tie
from xinqiao.register.people.states import StudentStatus, TieKind
from xinqiao.register.policy.selectors import parameters_for

_REASON = "mentors of a school, for whoever deals them, counts them, or is one"
TEACHING = tuple(role.value for role, held in ROLE_PERMISSIONS.items() if Permission.MENTEE_OWN in held)


@dataclass(frozen=True)
class Plan:
    """How a school stands and how it would be dealt: `dealt` maps pupils to mentors, `kept` those who have one."""

    mentors: tuple[Mentor, ...]
    kept: Mapping[UUID, UUID]
    dealt: Mapping[UUID, UUID]
    pupils: Mapping[UUID, str]

    @property
    def without(self) -> list[UUID]:
        """Return the pupils who have no mentor now."""
        return [each for each in self.pupils if each not in self.kept]

    @property
    def left_over(self) -> int:
        """Return for how many nobody has room."""
        return len(self.without) - len(self.dealt)

    @cached_property
    def loads(self) -> dict[UUID, int]:
        """Return how many pupils each mentor would have."""
        counted = Counter((*self.kept.values(), *self.dealt.values()))
        return {mentor.id: counted[mentor.id] for mentor in self.mentors}


def mentors_at(school: str, on: dt.date) -> dict[UUID, list[tuple[str, str]]]:
    """Return by staff id the roles and places of everybody who may be mentor at a school on a day."""
    return mentors_by_school([school], on)[school]


def mentors_by_school(schools: Collection[str], on: dt.date) -> dict[str, dict[UUID, list[tuple[str, str]]]]:
    """Return the same for several schools, by the school's place, in two queries."""
    above = {each for school in schools for each in places_above(school)}
    held = Membership.objects.filter(
        held_on(on), within(schools) | Q(place__in=above), role__in=TEACHING,
        user__is_active=True, user__staff_id__isnull=False,
    )  # fmt: skip
    rows = list(held.order_by("id").values_list("role", "place", "user__staff_id"))
    gone = set(
        Staff.objects.for_system(reason=_REASON)
        .filter(pk__in={staff_id for _role, _place, staff_id in rows}, left_on__lte=on)
        .values_list("pk", flat=True)
    )
    found: dict[str, dict[UUID, list[tuple[str, str]]]] = {school: {} for school in schools}
    for role, place, staff_id in rows:
        if staff_id is not None and staff_id not in gone:
            for school in schools:
                if covers(school, place) or covers(place, school):
                    found[school].setdefault(staff_id, []).append((role, place))
    return found


def open_ties(school: str) -> "QuerySet[Tie]":
    """Return the mentor ties of the pupils who are at a school now."""
    rows: QuerySet[Tie] = Tie.objects.for_system(reason=_REASON).filter(
        within([school], "student__school_place"), kind=TieKind.MENTOR, end_on=None,
        student__status=StudentStatus.ACTIVE,
    )  # fmt: skip
    return rows


def mentor_of(school: str, on: dt.date) -> dict[UUID, UUID]:
    """Return by pupil who is mentor now; a tie to somebody who may not be mentor any more counts as none."""
    able = mentors_at(school, on)
    return {
        student_id: staff_id
        for student_id, staff_id in open_ties(school).values_list("student_id", "person_id")
        if staff_id in able
    }


def mentor_of_pupil(student: Student, on: dt.date) -> UUID | None:
    """Return likewise who is mentor of one pupil."""
    ties = open_ties(student.school_place).filter(student=student).values_list("person_id", flat=True)
    able = mentors_at(student.school_place, on)
    return next((staff_id for staff_id in ties.order_by("-start_on") if staff_id in able), None)


def plan_deal(school: Unit, on: dt.date) -> Plan:
    """Return how the pupils of a school who have no mentor would be dealt today; writes nothing."""
    rules, able = parameters_for(school.path, on).mentors, mentors_at(school.path, on)
    kept = mentor_of(school.path, on)
    pupils = dict(pupils_at(school.path).values_list("pk", "place"))
    units = units_by_path(set(pupils.values()) | {place for held in able.values() for _role, place in held})
    loads = Counter(kept.values())
    mentors = tuple(_mentor(staff_id, held, units, loads) for staff_id, held in sorted(able.items()))
    families = _guardians(school.path)
    waiting = [
        Pupil(pk, place, units[place].stage if place in units else "", tuple(families.get(pk, ())))
        for pk, place in pupils.items()
        if pk not in kept
    ]
    by_guardian = {
        guardian: staff_id for pk, staff_id in sorted(kept.items()) for guardian in sorted(families.get(pk, ()))
    }
    dealt = deal(
        waiting, mentors, Rules(rules.most_pupils, rules.own_class, rules.siblings_together), by_guardian
    )  # fmt: skip
    return Plan(mentors, kept, dealt, pupils)


def pupils_at(place: str) -> "QuerySet[Student]":
    """Return the pupils who are at a place now."""
    rows: QuerySet[Student] = Student.objects.for_system(reason=_REASON).filter(
        within([place]), status=StudentStatus.ACTIVE
    )
    return rows


def _mentor(
    staff_id: UUID, held: Collection[tuple[str, str]], units: Mapping[str, Unit], loads: Counter[UUID]
) -> Mentor:
    below = [place for _role, place in held if place in units and units[place].stage]
    return Mentor(
        id=staff_id, load=loads[staff_id], places=tuple(below),
        own_classes=tuple(place for role, place in held if role == Role.CLASS_TEACHER),
        stages=tuple(units[place].stage for place in below) or ("",),
    )  # fmt: skip


def _guardians(school: str) -> dict[UUID, set[UUID]]:
    rows = Tie.objects.for_system(reason=_REASON).filter(
        within([school], "student__school_place"), kind=TieKind.GUARDIAN, end_on=None
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for student_id, guardian_id in rows.values_list("student_id", "person_id"):
        found[student_id].add(guardian_id)
    return found
