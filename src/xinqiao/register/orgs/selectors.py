"""Reads of the tree, kept in memory: the tree is small, read everywhere and changed seldom."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import bounds, places_above, within
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import class_name, grade_name
from xinqiao.register.orgs.states import SCHOOL_KINDS, Stage, UnitKind

STAGE_ORDER = {stage: order for order, stage in enumerate(Stage.values)}


def cohort_order(unit: Unit) -> tuple[int, int, int, str]:
    """Sort classes and grades of one school: stage, lowest grade first, then number."""
    return STAGE_ORDER.get(unit.stage, -1), -(unit.entry_year or 0), unit.number or 0, unit.name


def unit_by_path(path: str) -> Unit | None:
    """Return the unit at exactly this place."""
    return Unit.objects.filter(path=path).first()


def ancestors(path: str) -> list[Unit]:
    """Return the units from the root down to this place, itself included."""
    return list(Unit.objects.filter(path__in=places_above(path)).order_by("path"))


def school_of(path: str) -> Unit | None:
    """Return the school (or university, kindergarten) at or above this place."""
    return next((unit for unit in reversed(ancestors(path)) if unit.kind in SCHOOL_KINDS), None)


def units_below(path: str, *kinds: str) -> list[Unit]:
    """Return open units at or below a place, of the given kinds or of all."""
    low, high = bounds(path)
    found = Unit.objects.filter(path__gte=low, path__lt=high, is_closed=False)
    return sorted(found.filter(kind__in=kinds) if kinds else found, key=cohort_order)


def units_for(actor: Actor, permission: Permission, *kinds: str) -> list[Unit]:
    """Return open units where the actor holds the permission."""
    found = Unit.objects.filter(within(actor.places(permission), "path"), is_closed=False)
    return sorted(found.filter(kind__in=kinds) if kinds else found, key=cohort_order)


def schools_for(actor: Actor, permission: Permission) -> list[Unit]:
    """Return the schools an actor's places lie in or contain: a class teacher's own school counts."""
    condition = Q(pk__in=[])
    for place in actor.places(permission):
        low, high = bounds(place)
        condition |= Q(path__in=places_above(place)) | Q(path__gte=low, path__lt=high)
    return list(Unit.objects.filter(condition, kind__in=SCHOOL_KINDS, is_closed=False))


def units_by_id(ids: Iterable[UUID]) -> dict[UUID, Unit]:
    """Return units by id."""
    return Unit.objects.in_bulk(list(ids))


def units_by_path(paths: Iterable[str]) -> dict[str, Unit]:
    """Return units by place."""
    return {unit.path: unit for unit in Unit.objects.filter(path__in=set(paths))}


def name_on(unit: Unit, on: dt.date) -> str:
    """Return what a unit is called on a day; classes and grades are computed, others keep their name."""
    if unit.kind == UnitKind.CLASS and unit.entry_year and unit.number:
        return class_name(unit.stage, unit.entry_year, unit.number, on, unit.primary_years)
    if unit.kind == UnitKind.GRADE and unit.entry_year:
        return grade_name(unit.stage, unit.entry_year, on, unit.primary_years)
    return unit.name
