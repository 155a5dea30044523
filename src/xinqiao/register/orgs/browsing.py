"""Reads for the pages of the tree and of the calendar."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.register.orgs.models import CalendarDay, SchoolYear, Term, Unit
from xinqiao.register.orgs.selectors import ancestors, cohort_order, name_on
from xinqiao.register.orgs.states import Stage, UnitKind

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class UnitRow:
    """A unit as listed below another."""

    id: UUID
    name: str
    kind: str
    code: str
    window_code: str
    open_parts: int
    is_closed: bool


@dataclass(frozen=True)
class PathStep:
    """One unit on the way down; `id` only where the actor may look."""

    name: str
    id: UUID | None


@dataclass(frozen=True)
class TermRow:
    """A term with the last day that belongs to it."""

    number: int
    start_on: dt.date
    last_on: dt.date


@dataclass(frozen=True)
class YearRow:
    """A school year with the last day that belongs to it, and the unit that set it."""

    starts_in: int
    start_on: dt.date
    last_on: dt.date
    terms: tuple[TermRow, ...]
    unit: str
    is_own: bool

    @property
    def missing_terms(self) -> range:
        """One step for each of the two terms that is not set."""
        return range(max(0, 2 - len(self.terms)))


@dataclass(frozen=True)
class DayRow:
    """A changed day and the unit that changed it."""

    id: UUID
    day: dt.date
    is_school_day: bool
    reason: str
    unit: str
    is_own: bool


def path_to(actor: Actor, unit: Unit, on: dt.date) -> list[PathStep]:
    """Return the units above this one, from the top."""
    above = [each for each in ancestors(unit.path) if each.pk != unit.pk]
    return [PathStep(name_on(u, on), u.id if actor.can(Permission.UNIT_VIEW, u.path) else None) for u in above]


def parts_of(unit: Unit, on: dt.date, *, with_closed: bool = False) -> list[UnitRow]:
    """Return the units right below, grades and classes in the order of a school."""
    found = Unit.objects.filter(parent=unit).annotate(parts=Count("children", filter=Q(children__is_closed=False)))
    if not with_closed:
        found = found.filter(is_closed=False)
    kinds = {kind: order for order, kind in enumerate(UnitKind.values)}
    rows = sorted(found, key=lambda each: (kinds.get(each.kind, 0), *cohort_order(each)))
    return [
        UnitRow(each.id, name_on(each, on), str(UnitKind(each.kind).label), each.code, each.window_code or "",
                each.parts, each.is_closed)
        for each in rows
    ]  # fmt: skip


def stage_labels(unit: Unit) -> str:
    """Return the stages that a school teaches, in words."""
    return "、".join(str(Stage(stage).label) for stage in unit.stage_list)


def years_of(unit: Unit) -> list[YearRow]:
    """Return the school years that hold at a unit, newest first; of several units' the nearest wins."""
    above = {each.id: each for each in ancestors(unit.path)}
    nearest: dict[int, SchoolYear] = {}
    for year in SchoolYear.objects.filter(unit_id__in=above).prefetch_related("terms"):
        known = nearest.get(year.starts_in)
        if known is None or len(above[year.unit_id].path) > len(above[known.unit_id].path):
            nearest[year.starts_in] = year
    return [
        YearRow(year.starts_in, year.start_on, year.end_on - ONE_DAY, _terms(list(year.terms.all())),
                above[year.unit_id].name, year.unit_id == unit.id)
        for year in sorted(nearest.values(), key=lambda each: -each.starts_in)
    ]  # fmt: skip


def _terms(terms: list[Term]) -> tuple[TermRow, ...]:
    ordered = sorted(terms, key=lambda each: each.number)
    return tuple(TermRow(term.number, term.start_on, term.end_on - ONE_DAY) for term in ordered)


def changed_days(unit: Unit, since: dt.date) -> list[DayRow]:
    """Return the days from `since` on that this unit or one above it changed; of several the nearest wins."""
    above = {each.id: each for each in ancestors(unit.path)}
    nearest: dict[dt.date, CalendarDay] = {}
    for row in CalendarDay.objects.filter(unit_id__in=above, day__gte=since):
        known = nearest.get(row.day)
        if known is None or len(above[row.unit_id].path) > len(above[known.unit_id].path):
            nearest[row.day] = row
    return [
        DayRow(row.id, row.day, row.is_school_day, row.reason, above[row.unit_id].name, row.unit_id == unit.id)
        for row in sorted(nearest.values(), key=lambda each: each.day)
    ]
