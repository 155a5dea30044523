"""Who is on the register, as ids, for those who plan and count; names are for the pages alone."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.care.alerts.models import Attention
from xinqiao.care.support.models import RegisterEntry
from xinqiao.care.support.states import KEY_PUPILS, EntryState
from xinqiao.foundation.core.places import within
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.parameters import Parameters

_REASON = "ids of the register for a plan or a count whose actor was checked, or for the clock"


def members_at(place: str, categories: Collection[str], parameters: Parameters) -> frozenset[UUID]:
    """Return the pupils at or below a place who are on the register under any of some categories today.

    `key` among them means: whose attention level is one of the policy's `key_levels`, entry or not.
    """
    found = set(_kept([place]).filter(category__in=list(categories)).values_list("student_id", flat=True))
    if KEY_PUPILS in categories:
        found |= set(_key_pupils(place, parameters.key_levels))
    return frozenset(found)


def members_by_school(places: Collection[str]) -> dict[str, frozenset[UUID]]:
    """Return the registered pupils (of any category, without the key pupils) of some schools, by the school's place."""
    found: dict[str, set[UUID]] = {place: set() for place in places}
    for student_id, school in _kept(places).values_list("student_id", "student__school_place"):
        if school in found:
            found[school].add(student_id)
    return {place: frozenset(ids) for place, ids in found.items()}


def _kept(places: Collection[str]) -> "QuerySet[RegisterEntry]":
    rows: QuerySet[RegisterEntry] = RegisterEntry.objects.for_system(reason=_REASON).filter(
        within(places, "student__school_place"), state=EntryState.KEPT, student__status=StudentStatus.ACTIVE
    )
    return rows


def _key_pupils(place: str, levels: Collection[str]) -> list[UUID]:
    rows = Attention.objects.for_system(reason=_REASON).filter(
        within([place], "student__place"), ended_at__isnull=True, level__in=list(levels),
        student__status=StudentStatus.ACTIVE,
    )  # fmt: skip
    return list(rows.values_list("student_id", flat=True))
