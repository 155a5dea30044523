"""What the policy in force asks of each school this school year: which grades, how often, by when; how far it is."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from xinqiao.care.screening.cadence import DueState, due_days, due_state, next_due
from xinqiao.care.screening.models import OF_EVERYONE, Campaign
from xinqiao.care.screening.selectors.campaigns import Cohort, cohorts_of
from xinqiao.care.screening.selectors.orders import due_cohorts
from xinqiao.care.screening.states import CampaignState
from xinqiao.care.sheets.models import Sitting
from xinqiao.care.sheets.states import SittingState
from xinqiao.foundation.access.actors import Actor
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.core.places import places_above
from xinqiao.register.orgs.models import SchoolYear, Unit
from xinqiao.register.orgs.naming import SCHOOL_YEAR_STARTS_IN_MONTH, grade_name, school_year_of
from xinqiao.register.orgs.selectors import units_for
from xinqiao.register.orgs.states import SCHOOL_KINDS, UnitKind
from xinqiao.register.policy.selectors import parameters_by_place

_REASON = "whether screenings were held, for whoever follows the school's screenings or coverage"


@dataclass(frozen=True)
class GradeDue:
    """One grade of one school: held `done` of `times` this school year, the next one by `due_on`."""

    name: str
    grade: int
    times: int
    done: int
    due_on: dt.date | None
    state: DueState


@dataclass(frozen=True)
class SchoolDue:
    """One school that the policy asks to screen, its grades in order."""

    unit: Unit
    grades: tuple[GradeDue, ...]

    @property
    def state(self) -> DueState:
        """The most pressing state of its grades."""
        return min((row.state for row in self.grades), key=list(DueState).index)

    @property
    def due_on(self) -> dt.date | None:
        """The next day by which something is to be held."""
        return min((row.due_on for row in self.grades if row.due_on), default=None)

    @property
    def done(self) -> int:
        """How many grades have had every screening that is asked."""
        return sum(row.state == DueState.DONE for row in self.grades)


def due_for(actor: Actor, permission: Permission, on: dt.date) -> list[SchoolDue]:
    """Return what is asked of every school where the actor holds a permission, the most pressing first."""
    units = units_for(actor, permission, *SCHOOL_KINDS, UnitKind.CLASS)
    found = due_of([u for u in units if u.kind in SCHOOL_KINDS], [u for u in units if u.kind == UnitKind.CLASS], on)
    return sorted(found, key=lambda row: (list(DueState).index(row.state), row.unit.name))


def due_of(schools: Sequence[Unit], classes: Iterable[Unit], on: dt.date) -> list[SchoolDue]:
    """Return what is asked of some schools; the number of queries does not depend on how many."""
    if not schools:
        return []
    due = due_cohorts(schools, classes, on)
    rules = parameters_by_place([school.path for school in schools], on)
    spans, held = _school_years(schools, on), _held({school.id for school in schools}, on)
    rows = []
    for school in schools:
        rule = rules[school.path]
        days = due_days(rule.times_per_school_year, *spans[school.path])
        grades = []
        for cohort, each in due[school.path].items():
            done, is_running = held[school.id, cohort, CampaignState.CLOSED], held[school.id, cohort, "open"] > 0
            due_on = next_due(done, days)
            grades.append(
                GradeDue(
                    name=grade_name(*cohort, on, school.primary_years), grade=each.grade, times=len(days), done=done,
                    due_on=due_on, state=due_state(due_on, on, rule.remind_days_before, is_running=is_running),
                )
            )  # fmt: skip
        if grades:
            rows.append(SchoolDue(school, tuple(sorted(grades, key=lambda row: row.grade))))
    return rows


def _school_years(schools: Sequence[Unit], on: dt.date) -> dict[str, tuple[dt.date, dt.date]]:
    """Return the present school year of each school, [first day, day after the last): the nearest calendar's, else the
    year by which grades are named."""
    above = {school.path: places_above(school.path) for school in schools}
    wanted = {place for path in above.values() for place in path}
    kept = SchoolYear.objects.filter(unit__path__in=wanted, starts_in=school_year_of(on))
    spans = {path: (first, after) for path, first, after in kept.values_list("unit__path", "start_on", "end_on")}
    year = school_year_of(on)
    usual = tuple(dt.date(year + ahead, SCHOOL_YEAR_STARTS_IN_MONTH, 1) for ahead in (0, 1))
    return {
        place: next((spans[each] for each in reversed(path) if each in spans), (usual[0], usual[1]))
        for place, path in above.items()
    }


def _held(school_ids: set[UUID], on: dt.date) -> Counter[tuple[UUID, Cohort, str]]:
    """Count by school, cohort and state the campaigns of this school year; an ended one only if anybody handed in."""
    sheets = Sitting.objects.for_system(reason=_REASON).filter(origin_id=OuterRef("pk"), state=SittingState.SUBMITTED)
    campaigns = Campaign.objects.for_system(reason=_REASON).exclude(state=CampaignState.DRAFT)
    campaigns = campaigns.filter(register=OF_EVERYONE)  # a few pupils of a grade are not the grade
    found: Counter[tuple[UUID, Cohort, str]] = Counter()
    for campaign in campaigns.filter(school_year=school_year_of(on)).annotate(was_answered=Exists(sheets)):
        if campaign.school_id in school_ids and (campaign.state == CampaignState.OPEN or campaign.was_answered):
            found.update((campaign.school_id, cohort, str(campaign.state)) for cohort in cohorts_of(campaign))
    return found
