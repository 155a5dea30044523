"""Who is at a school: who may sit in a meeting and be given a task, and where each of them stands."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from xinqiao.foundation.access.permissions import ROLE_PERMISSIONS, Permission, Role
from xinqiao.register.accounts.actors import staff_names
from xinqiao.register.accounts.role_labels import ROLE_LABELS
from xinqiao.register.duty.named import WORDS, roles_held
from xinqiao.register.duty.selectors import staff_who_may, staff_with_role

AT_SCHOOL = tuple(role for role, held in ROLE_PERMISSIONS.items() if Permission.FEEDBACK_OWN in held)


@dataclass(frozen=True)
class Colleague:
    """One colleague with the role at the widest place, which is where the person stands."""

    staff_id: UUID
    name: str
    roles: frozenset[str]
    place: str

    @property
    def words(self) -> str:
        """Name and first role."""
        role = next((each for each in AT_SCHOOL if each.value in self.roles), None)
        return f"{self.name} · {ROLE_LABELS[role]}" if role else self.name


def colleagues_at(school_place: str, on: dt.date) -> dict[UUID, Colleague]:
    """Return the colleagues of a school by staff id, in the order of their names."""
    held = [row for row in roles_held([school_place], on, below=school_place) if row.role in AT_SCHOOL]
    names = staff_names([row.staff_id for row in held])
    roles: dict[UUID, set[str]] = {}
    places: dict[UUID, str] = {}
    for row in held:
        roles.setdefault(row.staff_id, set()).add(row.role)
        places[row.staff_id] = row.place  # the widest comes last
    found = [Colleague(each, names[each], frozenset(roles[each]), places[each]) for each in roles if each in names]
    return {each.staff_id: each for each in sorted(found, key=lambda each: each.name)}


def missing_roles(words: Collection[str], present: Collection[UUID], found: dict[UUID, Colleague]) -> tuple[str, ...]:
    """Return which of the rules' words nobody of those present stands for."""
    there = {role for each in present if each in found for role in found[each].roles}
    if Role.PRINCIPAL in there:  # who leads the school stands for those who lead a part of it
        there.add(Role.LEADING_GROUP.value)
    return tuple(word for word in words if WORDS[word][0].value not in there)


def may_lead(school_place: str, on: dt.date) -> list[UUID]:
    """Return who may be named to lead the meeting: whoever holds meetings, and the leading group."""
    group = staff_with_role(Role.LEADING_GROUP, school_place, on)
    return list(dict.fromkeys([*group, *staff_who_may(Permission.MEETING_HOLD, school_place, on)]))
