"""A bureau's orders: which schools can be asked what, and how far each of them is. No name of a pupil, no result."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import launchable, scale_of, versions_at
from xinqiao.care.screening.disclosure import Cell, answered_cell, beside_year, percent
from xinqiao.care.screening.models import Campaign, OrderedSchool, ScreeningOrder
from xinqiao.care.screening.ordering import Standing, is_late, standing_of
from xinqiao.care.screening.rules import usual_ages
from xinqiao.care.screening.selectors.campaigns import Cohort, cohorts_of
from xinqiao.care.screening.selectors.coverage import year_of_schools
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import SittingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.handfuls import SMALLEST_CELL
from xinqiao.foundation.core.places import covers, places_above, within
from xinqiao.register.orgs.models import Unit
from xinqiao.register.orgs.naming import grade_in_stage, national_grade, school_year_of
from xinqiao.register.orgs.selectors import units_below, units_by_id
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind
from xinqiao.register.people.models import Student
from xinqiao.register.people.states import StudentStatus
from xinqiao.register.policy.selectors import parameters_by_place

_REASON = "counts below the unit that ordered, for whoever may order there"


@dataclass
class DueCohort:
    """A cohort that the pack in force screens: its grade, 1–12, and its open classes."""

    grade: int
    classes: list[Unit]


@dataclass(frozen=True)
class SchoolChoice:
    """One school that the pack in force there asks to screen: its due cohorts by stage, and what it cannot use.

    `faults` maps the code of a scale to why it cannot be used here; `misfits` to the stages it is not made for.
    """

    unit: Unit
    county: str
    cohorts: Mapping[str, tuple[Cohort, ...]]
    pupils: int
    versions: Mapping[str, ScaleVersion]
    faults: Mapping[str, tuple[str, ...]]
    misfits: Mapping[str, tuple[str, ...]]

    @property
    def is_handful(self) -> bool:
        """Are its pupils so few that no page of a bureau says how many?"""
        return 0 < self.pupils < SMALLEST_CELL

    def cohorts_in(self, stages: Iterable[str]) -> tuple[Cohort, ...]:
        """Return the due cohorts of some stages."""
        return tuple(cohort for stage in stages for cohort in self.cohorts.get(stage, ()))

    def faults_with(self, codes: Iterable[str], stages: Iterable[str]) -> list[tuple[str, str]]:
        """Return (scale, code of the fault) of those that this school could not launch."""
        wanted, found = set(stages), []
        for code in codes:
            found += [(code, fault) for fault in self.faults.get(code, ("unknown",))]
            if not self.faults.get(code) and wanted & set(self.misfits.get(code, ())) & set(self.cohorts):
                found.append((code, "misfit"))
        return found


@dataclass(frozen=True)
class OrderRow:
    """One order of a list, its schools counted by where they stand."""

    id: UUID
    name: str
    ordered_by: str
    earliest_on: dt.date
    latest_on: dt.date
    answer_by: dt.date
    is_withdrawn: bool
    provider: str
    schools: int
    standings: Mapping[str, int]
    late: int

    @property
    def is_current(self) -> bool:
        """Is anything still to come of it?"""
        done = sum(self.standings.get(each, 0) for each in (Standing.ENDED, Standing.CANNOT, Standing.WITHDRAWN))
        return not self.is_withdrawn and done < self.schools

    @property
    def unanswered(self) -> int:
        """How many schools have not answered yet."""
        return sum(self.standings.get(each, 0) for each in (Standing.MAKING, Standing.UNSEEN, Standing.PREPARING))


@dataclass(frozen=True)
class AreaRound:
    """The rounds of an area in one school year, named by the calendar year in which it begins.

    A round is held once a screening of it has ended at a school; `providers` are the bodies on record.
    """

    year: int
    ordered: int
    held: int
    providers: tuple[str, ...]
    without_provider: int

    @property
    def until(self) -> int:
        """The calendar year in which it ends."""
        return self.year + 1


@dataclass(frozen=True)
class OrderedRow:
    """One school of an order, as the bureau sees it: `missing` are (code, count), `answered` is blurred where few."""

    school_id: UUID
    name: str
    standing: Standing
    is_late: bool
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    missing: tuple[tuple[str, int], ...]
    missing_at: dt.datetime | None
    obstacle: str
    remark: str
    reminded_at: dt.datetime | None
    answered: Cell | None = None
    eligible: int = 0
    share: int | None = None


def school_choices(unit: Unit, on: dt.date) -> list[SchoolChoice]:
    """Return the schools below a unit that have a cohort which the pack in force there screens, by county and name.

    The number of queries does not depend on the number of schools.
    """
    units = units_below(unit.path, *SCHOOL_KINDS, UnitKind.CLASS, UnitKind.COUNTY)
    schools = [each for each in units if each.kind in SCHOOL_KINDS]
    due = due_cohorts(schools, [each for each in units if each.kind == UnitKind.CLASS], on)
    counties = [each for each in units if each.kind == UnitKind.COUNTY]
    pupils, known = _pupils_by_place([unit.path]), versions_at([school.path for school in schools])
    faults = {version.id: tuple(launchable(version, version.place or unit.path)) for version in known}
    asked = [school for school in schools if due[school.path]]
    rows = [_choice(school, due[school.path], pupils, known, faults, counties) for school in asked]
    return sorted(rows, key=lambda row: (row.county, row.unit.name))


def due_cohorts(schools: Sequence[Unit], classes: Iterable[Unit], on: dt.date) -> dict[str, dict[Cohort, DueCohort]]:
    """Return by school the cohorts that the pack in force there screens on a day, with their classes."""
    rules = parameters_by_place([school.path for school in schools], on)
    due: dict[str, dict[Cohort, DueCohort]] = {school.path: {} for school in schools}
    for unit in classes:
        school = next((path for path in places_above(unit.path) if path in due), None)
        grade = national_grade(unit.stage, unit.entry_year or 0, on, unit.primary_years)
        if school is None or grade is None or grade_in_stage(unit.entry_year or 0, on) < 1:
            continue  # a class made before its pupils come is nobody's yet
        if rules[school].is_screened(unit.stage, grade):
            due[school].setdefault((unit.stage, unit.entry_year or 0), DueCohort(grade, [])).classes.append(unit)
    return due


def _choice(
    school: Unit, due: Mapping[Cohort, DueCohort], pupils: Counter[str], known: Sequence[ScaleVersion],
    faults: Mapping[UUID, tuple[str, ...]], counties: Sequence[Unit],
) -> SchoolChoice:  # fmt: skip
    # What ships stands first, then wording from the outermost unit inwards: the nearest one remains.
    nearest = {version.code: version for version in known if not version.place or covers(version.place, school.path)}
    cohorts: dict[str, tuple[Cohort, ...]] = {}
    for cohort in due:
        cohorts[cohort[0]] = (*cohorts.get(cohort[0], ()), cohort)
    return SchoolChoice(
        unit=school, county=next((c.name for c in counties if covers(c.path, school.path)), ""), cohorts=cohorts,
        pupils=sum(pupils[unit.path] for each in due.values() for unit in each.classes), versions=nearest,
        faults={code: faults[version.id] for code, version in nearest.items()},
        misfits={code: _misfits(version, due) for code, version in nearest.items()},
    )  # fmt: skip


def _misfits(version: ScaleVersion, due: Mapping[Cohort, DueCohort]) -> tuple[str, ...]:
    """Return the stages of which a cohort is too young or too old for a scale."""
    scale = scale_of(version)
    fits = {
        grade: all(scale.is_offered_to("self", grade=grade, age=age) for age in usual_ages(grade))
        for grade in {each.grade for each in due.values()}
    }
    return tuple(sorted({stage for (stage, _year), each in due.items() if not fits[each.grade]}))


def _pupils_by_place(places: Sequence[str]) -> Counter[str]:
    students = Student.objects.for_system(reason=_REASON).filter(within(places), status=StudentStatus.ACTIVE)
    return Counter(dict(students.values_list("place").annotate(Count("pk")).order_by()))


# ---- orders that were issued


def order_rows(actor: Actor, on: dt.date) -> list[OrderRow]:
    """Return the orders of the units where the actor may order, newest first; two queries and the names."""
    orders = list(
        ScreeningOrder.objects.visible_to(actor, Permission.ORDER_EDIT).order_by("-issued_at", "-id")
    )  # fmt: skip
    if not orders:
        return []
    schools = OrderedSchool.objects.for_system(reason=_REASON).filter(order_id__in=[order.id for order in orders])
    by_order: dict[UUID, list[OrderedSchool]] = {}
    for row in schools.select_related("campaign"):
        by_order.setdefault(row.order_id, []).append(row)
    units = units_by_id({order.unit_id for order in orders})
    return [_order_row(order, by_order.get(order.id, []), units[order.unit_id].name, on) for order in orders]


def _order_row(order: ScreeningOrder, schools: Sequence[OrderedSchool], ordered_by: str, on: dt.date) -> OrderRow:
    standings = [_standing(row) for row in schools]
    return OrderRow(
        id=order.id, name=order.name, ordered_by=ordered_by, earliest_on=order.earliest_on, latest_on=order.latest_on,
        answer_by=order.answer_by, is_withdrawn=order.withdrawn_at is not None,
        provider=order.provider, schools=len(schools),
        standings=Counter(str(each) for each in standings),
        late=sum(is_late(each, on, order.answer_by, order.latest_on) for each in standings),
    )  # fmt: skip


def area_rounds(rows: Iterable[OrderRow]) -> list[AreaRound]:
    """Return by school year the rounds that were ordered and not withdrawn, the newest year first (S1-07a)."""
    by_year: dict[int, list[OrderRow]] = {}
    for row in rows:
        if not row.is_withdrawn:
            by_year.setdefault(school_year_of(row.earliest_on), []).append(row)
    return [
        AreaRound(
            year=year, ordered=len(kept), held=sum(row.standings.get(Standing.ENDED, 0) > 0 for row in kept),
            providers=tuple(sorted({row.provider for row in kept if row.provider})),
            without_provider=sum(not row.provider for row in kept),
        )
        for year, kept in sorted(by_year.items(), reverse=True)
    ]  # fmt: skip


def order_for(actor: Actor, order_id: UUID) -> ScreeningOrder | None:
    """Return an order of a unit where the actor may order, else None."""
    found: ScreeningOrder | None = (
        ScreeningOrder.objects.visible_to(actor, Permission.ORDER_EDIT).filter(pk=order_id).first()
    )
    return found


def schools_of(order: ScreeningOrder, on: dt.date) -> list[OrderedRow]:
    """Return every school of an order, the late ones first; the number of queries does not depend on how many."""
    rows = list(OrderedSchool.objects.for_system(reason=_REASON).filter(order=order).select_related("campaign"))
    names = {pk: unit.name for pk, unit in units_by_id({row.school_id for row in rows}).items()}
    begun = [row.campaign for row in rows if row.campaign and row.campaign.launched_at]
    eligible, answered = pupils_of(begun, [order.place]), _answered(rows)
    year = year_of_schools([order.place], on) if begun else {}
    found = [
        _ordered_row(row, names[row.school_id], order, on, (answered[row.campaign_id], eligible[row.campaign_id]),
                     year.get(row.place))
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: (not row.is_late, ORDER_OF[row.standing], row.name))


ORDER_OF = {standing: order for order, standing in enumerate(Standing)}


def late_schools(order: ScreeningOrder, on: dt.date) -> list[OrderedSchool]:
    """Return the schools of an order that have not answered or not finished in time."""
    rows = OrderedSchool.objects.for_system(reason=_REASON).filter(order=order).select_related("campaign")
    return [row for row in rows if is_late(_standing(row), on, order.answer_by, order.latest_on)]


def _standing(row: OrderedSchool) -> Standing:
    campaign_state = row.campaign.state if row.campaign else None
    return standing_of(row.state, campaign_state, is_looked_at=row.looked_at is not None)


def _ordered_row(
    row: OrderedSchool, name: str, order: ScreeningOrder, on: dt.date, counts: tuple[int, int],
    year: tuple[Cell, int] | None,
) -> OrderedRow:  # fmt: skip
    standing, campaign, (answered, eligible) = _standing(row), row.campaign, counts
    has_begun = standing in (Standing.RUNNING, Standing.ENDED)
    cell = answered_cell(answered, eligible) if has_begun else None
    if cell is not None and year is not None and campaign is not None and campaign.school_year == school_year_of(on):
        cell = beside_year(answered, eligible, *year)
    return OrderedRow(
        school_id=row.school_id, name=name, standing=standing,
        is_late=is_late(standing, on, order.answer_by, order.latest_on),
        opens_at=campaign.opens_at if campaign else None, closes_at=campaign.closes_at if campaign else None,
        missing=() if has_begun else tuple((code, count) for code, count in json.loads(row.missing)),
        missing_at=row.missing_at, obstacle=row.obstacle, remark=row.remark, reminded_at=row.reminded_at,
        answered=cell, eligible=eligible,
        share=percent(answered, eligible) if cell is not None and cell.code == "exact" else None,
    )  # fmt: skip


def pupils_of(campaigns: Sequence[Campaign], places: Sequence[str]) -> Counter[UUID | None]:
    """Count the pupils of the cohorts of some campaigns below some places, by campaign; two queries."""
    if not campaigns:
        return Counter()
    wanted = [(campaign.pk, campaign.place, set(cohorts_of(campaign))) for campaign in campaigns]
    classes = Unit.objects.filter(within(places, "path"), kind=UnitKind.CLASS, is_closed=False)
    pupils, found = _pupils_by_place(places), Counter[UUID | None]()
    schools: dict[str, list[tuple[UUID, set[Cohort]]]] = {}
    for pk, place, cohorts in wanted:
        schools.setdefault(place, []).append((pk, cohorts))
    for path, stage, year in classes.values_list("path", "stage", "entry_year"):
        for pk, cohorts in (each for place in places_above(path) for each in schools.get(place, ())):
            if (stage, year) in cohorts:
                found[pk] += pupils[path]
    return found


def _answered(rows: Sequence[OrderedSchool]) -> Counter[UUID | None]:
    ids = [row.campaign_id for row in rows if row.campaign and row.campaign.launched_at]
    sittings = Sitting.objects.for_system(reason=_REASON).filter(
        origin_id__in=ids, state=SittingState.SUBMITTED, student__status=StudentStatus.ACTIVE
    )
    return Counter(dict(sittings.values_list("origin_id").annotate(Count("student_id", distinct=True)).order_by()))
